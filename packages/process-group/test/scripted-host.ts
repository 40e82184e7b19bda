// A processor that does as the test says: a driver on it goes through any course of events, one at a time.
import { setImmediate } from 'node:timers';
import { crc32 } from '@choir/bytes';
import {
  DriverError,
  messageBytesMax,
  type GroupEvent as ProcessorEvent,
  type ProcessorHost,
} from '@choir/drivers';
import { groupId, type ProcessorId, processorId, type View } from '@choir/ftmp';
import { encode } from '../src/core/codec.ts';
import { Replicas } from '../src/core/index.ts';
import type { Message } from '../src/core/message.ts';
import { Roll } from '../src/core/roll.ts';
import { encodeRoll } from '../src/core/roll-codec.ts';
import { type DriverOptions, GroupDriver } from '../src/member/driver.ts';

export const name = 'ensemble';
const group = groupId(7);

/** The processor with this number; `incarnation` tells those that came back from those before. */
export const processor = (number: number, incarnation = 1): ProcessorId =>
  processorId(number, incarnation);

export class ScriptedHost {
  readonly group = group;
  id = processor(1);
  /** There is no room. */
  isFull = false;
  hasLeft = false;
  /** Nobody agrees that this process leaves. */
  isAlone = false;
  /** What was handed over and has not come back. */
  sent: Uint8Array[] = [];
  readonly #events: ProcessorEvent[] = [];
  #wake: () => void = () => {};
  #views = 0;

  async *events(): AsyncGenerator<ProcessorEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  trySend(_group: unknown, bytes: Uint8Array): 'queued' | 'full' | 'closed' {
    if (bytes.length > messageBytesMax) throw new DriverError('drivers-message', 'Too long.');
    if (this.hasLeft) return 'closed';
    if (this.isFull) return 'full';
    this.sent.push(bytes);
    return 'queued';
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    if (this.isAlone) await new Promise(() => {});
    await this.tell({ kind: 'left', group, removed: false });
  }

  /** @returns when the driver has done with it */
  tell(event: ProcessorEvent): Promise<void> {
    this.#events.push(event);
    this.#wake();
    return performed();
  }

  view(cause: View['cause'], ...members: ProcessorId[]): Promise<void> {
    this.#views += 1;
    const id = { timestamp: this.#views, processor: members[0] ?? this.id };
    return this.tell({ kind: 'view', group, view: { id, members, cause, transitional: members } });
  }

  /** A message of another member comes. */
  says(sender: ProcessorId, message: Message): Promise<void> {
    const common = { group, timestamp: 1, safe: false, transitional: false };
    return this.tell({ kind: 'message', ...common, sender, bytes: encode(message) });
  }

  /** Everything that was handed over comes, in its order. */
  async echo(): Promise<void> {
    while (this.sent.length > 0) {
      const common = { group, timestamp: 1, safe: false, transitional: false };
      for (const bytes of this.sent.splice(0)) {
        await this.tell({ kind: 'message', ...common, sender: this.id, bytes });
      }
    }
  }

  /** Another member gives its state, at this place in the order, to this one, which joins with it. */
  async provide(provider: ProcessorId, replicas: Replicas = new Replicas({})): Promise<void> {
    const pieces = [...replicas.snapshot()];
    const member = { observes: false, isIn: true, returned: false };
    const entries = [
      { id: provider, label: 'bob', ...member, lacks: null },
      { id: this.id, label: 'ann', ...member, lacks: new Map() },
    ];
    const roll = encodeRoll(new Roll({ name, number: 9, entries, past: [] }));
    const sum = pieces.reduce((crc, bytes) => crc32(bytes, crc), 0);
    await this.says(provider, { kind: 'marker', transfer: 1, to: [this.id] });
    for (const bytes of pieces) await this.says(provider, { kind: 'piece', transfer: 1, bytes });
    await this.says(provider, { kind: 'whole', transfer: 1, sum, roll });
  }

  /** There is room again. */
  async writable(): Promise<void> {
    this.isFull = false;
    await this.tell({ kind: 'writable', group });
  }

  /** The others have removed it, and it asks to be added again. */
  async exclude(): Promise<void> {
    this.id = processor(1, 2);
    this.sent = [];
    await this.tell({ kind: 'excluded', group, rejoins: this.id });
  }
}

/** A driver on a scripted host, which runs. */
export function driven(options: Partial<DriverOptions> = {}): {
  readonly host: ScriptedHost;
  readonly driver: GroupDriver;
} {
  const host = new ScriptedHost();
  const driver = new GroupDriver({
    host: host as unknown as ProcessorHost,
    group,
    name,
    label: 'ann',
    replicas: {},
    answer: null,
    observer: false,
    warn: () => {},
    ...options,
  });
  driver.run();
  return { host, driver };
}

/** All that was ready to be done is done. */
export function performed(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
