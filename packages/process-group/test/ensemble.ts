// Members of one group in this process, each with a transport of its own, over unicast on loopback.
import { onTestFinished } from 'vitest';
import {
  type GroupEvent,
  type JoinOptions,
  type ProcessGroup,
  Transport,
  type TransportOptions,
} from '../src/index.ts';

const withinMs = 20_000;
/** Of a test that starts processors. */
export const timeout = 60_000;

export class Ensemble {
  readonly #seeds: string[] = [];

  /** A processor of its own; it is closed when the test is over. */
  async transport(options: Pick<TransportOptions, 'onWarning'> = {}): Promise<Transport> {
    const network = { kind: 'unicast', host: '127.0.0.1', seeds: [...this.#seeds] } as const;
    const transport = await Transport.open({ network, insecure: true, ...options });
    this.#seeds.push(transport.address);
    onTestFinished(() => transport.close());
    return transport;
  }

  /** A member of "ensemble"; the first one makes it. */
  async join(
    label: string,
    options: JoinOptions = {},
    onWarning?: (text: string) => void,
  ): Promise<ProcessGroup> {
    const init = this.#seeds.length === 0;
    const transport = await this.transport(onWarning === undefined ? {} : { onWarning });
    return await transport.join('ensemble', { init, label, timeoutMs: withinMs, ...options });
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Reads events up to the first that is right. */
export async function until<Kind extends GroupEvent['kind']>(
  group: ProcessGroup,
  kind: Kind,
  isRight: (event: Extract<GroupEvent, { readonly kind: Kind }>) => boolean = () => true,
): Promise<Extract<GroupEvent, { readonly kind: Kind }>> {
  const events = group[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) throw new Error(`the group ended before ${kind}`);
    if (value.kind !== kind) continue;
    const event = value as Extract<GroupEvent, { readonly kind: Kind }>;
    if (isRight(event)) return event;
  }
}

/** Reads so many messages, as text. */
export async function texts(group: ProcessGroup, count: number): Promise<string[]> {
  const read: string[] = [];
  while (read.length < count) {
    const { from, bytes } = await until(group, 'message');
    read.push(`${from.label}: ${textOf(bytes)}`);
  }
  return read;
}

/** Until the group has so many members. */
export function members(group: ProcessGroup, count: number): Promise<unknown> {
  if (group.members.length === count) return Promise.resolve();
  return until(group, 'view', ({ view }) => view.members.length === count);
}
