/** How a processor is opened. */
import { defaultSettings, processorId, type Settings, settingsProblem } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import { type ClusterKey, checkKeys } from '../keys.ts';
import { anyProcessorNumber } from '../randomness.ts';
import type { NetworkOptions } from '../udp/network.ts';
import type { ThreadOptions } from './thread-message.ts';

export type HostOptions = {
  readonly network: NetworkOptions;
  /** Who holds one of these is let in; the last one is for sending. Either they or `insecure` must be given. */
  readonly keys?: readonly ClusterKey[];
  /** With `true` datagrams are neither authenticated nor encrypted: for networks that nobody else can reach. */
  readonly insecure?: boolean;
  /** What differs from the defaults. */
  readonly settings?: Partial<Settings>;
  /** 1 … 2^21-1, no two alike in a group; drawn at random when not given. */
  readonly processorNumber?: number;
  /** Whether a processor that was excluded joins its groups again, as a new incarnation; false when not given. */
  readonly rejoin?: boolean;
  /** After this long without progress the application counts as stalled, 500 … 60,000 ms; 2,000 when not given. */
  readonly stalledMs?: number;
  /**
   * A file to which is added what the protocol does, a JSON object a line, for tools that judge or show it; some 20 lines for each
   * message and member. It holds no payloads. None when not given.
   */
  readonly trace?: string;
  /** Is told what an operator should mend; the text says how. */
  readonly onWarning?: (text: string) => void;
};

/** @throws DriverError `drivers-option`, `drivers-key` or `drivers-insecure` */
export function threadOptions(options: HostOptions): ThreadOptions {
  const { network, keys, settings, rejoin = false, stalledMs = 2_000 } = options;
  const { trace = null, processorNumber = anyProcessorNumber() } = options;
  if ((keys === undefined) !== isInsecure(options)) {
    throw new DriverError(
      'drivers-insecure',
      'Give either keys, or insecure: true for a network that nobody else can reach.',
    );
  }
  if (keys !== undefined) checkKeys(keys);
  try {
    processorId(processorNumber, 0);
  } catch (error) {
    throw new DriverError('drivers-option', (error as Error).message);
  }
  if (!(stalledMs >= 500 && stalledMs <= 60_000)) {
    throw new DriverError('drivers-option', `stalledMs: ${stalledMs} is not 500 … 60,000.`);
  }
  const all = { ...defaultSettings, ...settings };
  const problem = settingsProblem(all);
  if (problem !== null) throw new DriverError('drivers-option', problem);
  return {
    network,
    keys: keys ?? null,
    settings: all,
    processorNumber,
    rejoin,
    stalledMs,
    trace,
    progress: new SharedArrayBuffer(4),
  };
}

/** JavaScript may give anything, and a configuration `"no"`: nothing but `true` opens a processor without protection. */
function isInsecure({ insecure = false }: { readonly insecure?: unknown }): boolean {
  if (typeof insecure === 'boolean') return insecure;
  const text = `insecure: ${JSON.stringify(insecure)} is neither true nor false.`;
  throw new DriverError('drivers-insecure', text);
}
