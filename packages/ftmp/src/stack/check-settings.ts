/** Settings come from people: what is out of range is said, with the range. */
import { datagramBytesMax } from '../wire/index.ts';
import type { Settings } from './options.ts';

type Range = { readonly least: number; readonly most: number };

const datagram: Range = { least: 576, most: datagramBytesMax };
const milliseconds: Range = { least: 1, most: 600_000 };
const count: Range = { least: 1, most: 2 ** 24 };
const bytes: Range = { least: 1_024, most: 2 ** 32 };

const ranges: Readonly<Record<Exclude<keyof Settings, 'order' | 'slowPolicy'>, Range>> = {
  datagramBytes: datagram,
  packetBytes: datagram,
  heartbeatMs: milliseconds,
  suspicionMinMs: milliseconds,
  suspicionMaxMs: milliseconds,
  windowMessages: count,
  windowBytes: bytes,
  receiveBytes: bytes,
  queueMessages: count,
  queueBytes: bytes,
  backlogBytes: bytes,
  reach: count,
  delayMs: milliseconds,
  delayMaxMs: milliseconds,
  rangeMax: count,
  perSecond: count,
  holderDelayMs: milliseconds,
  repeatMs: milliseconds,
  repeatMaxMs: milliseconds,
  slowMs: milliseconds,
  joinMs: milliseconds,
  joinPatienceMs: milliseconds,
  lingerMs: milliseconds,
};

/** What is wrong with these settings; null when nothing is. */
export function settingsProblem(settings: Settings): string | null {
  for (const [name, { least, most }] of Object.entries(ranges)) {
    const value = settings[name as keyof typeof ranges];
    if (!(value >= least && value <= most)) {
      return `settings.${name}: ${value} is not ${least.toLocaleString('en')} … ${most.toLocaleString('en')}.`;
    }
  }
  const { heartbeatMs, suspicionMinMs, suspicionMaxMs, reach, windowMessages } = settings;
  if (suspicionMinMs < 2 * heartbeatMs)
    return `settings.suspicionMinMs: ${suspicionMinMs} is less than two heartbeats of ${heartbeatMs} ms: raise it, or lower heartbeatMs.`;
  if (suspicionMaxMs < suspicionMinMs)
    return `settings.suspicionMaxMs: ${suspicionMaxMs} is less than suspicionMinMs, ${suspicionMinMs}.`;
  if (reach < windowMessages)
    return `settings.reach: ${reach} is less than windowMessages, ${windowMessages}: what a sender may send would not be stored.`;
  return null;
}
