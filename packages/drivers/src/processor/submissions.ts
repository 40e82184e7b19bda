/** Messages that were handed over to a group, until the processor has room for them. */
import { Fifo, type GroupId, type OutgoingMessage, type Processor } from '@choir/ftmp';
import type { Amount } from './thread-message.ts';

export class Submissions {
  readonly #waiting = new Map<GroupId, Fifo<OutgoingMessage>>();
  readonly #onQueued: (group: GroupId, message: OutgoingMessage) => void;
  readonly #room = new Map<GroupId, { messages: number; bytes: number }>();
  /** Messages for groups that are over. */
  dropped = 0;

  /** @param onQueued is told of each message that a processor took */
  constructor(onQueued: (group: GroupId, message: OutgoingMessage) => void) {
    this.#onQueued = onQueued;
  }

  add(group: GroupId, message: OutgoingMessage): void {
    const waiting = this.#waiting.get(group) ?? new Fifo<OutgoingMessage>();
    waiting.push(message);
    this.#waiting.set(group, waiting);
  }

  pending(group: GroupId): number {
    return this.#waiting.get(group)?.length ?? 0;
  }

  /**
   * Gives each group's messages to the processor, as many as it takes.
   *
   * @param waits whether the messages of this group are to wait: nothing is sent before the first view
   */
  submit(processor: Processor, waits: (group: GroupId) => boolean): void {
    for (const [group, waiting] of this.#waiting) {
      if (waits(group)) continue;
      for (let message = waiting.first; message !== undefined; message = waiting.first) {
        const answer = processor.submit(group, message);
        if (answer === 'full') break;
        waiting.shift();
        if (answer === 'closed') this.dropped += 1;
        else this.#onQueued(group, message);
        this.#give(group, message.bytes.length);
      }
      if (waiting.length === 0) this.#waiting.delete(group);
    }
  }

  /** What waits for this group will never be sent. */
  drop(group: GroupId): void {
    const waiting = this.#waiting.get(group);
    if (waiting === undefined) return;
    for (const { bytes } of waiting.all()) {
      this.dropped += 1;
      this.#give(group, bytes.length);
    }
    this.#waiting.delete(group);
  }

  /** The room there is since the last call; empty until it is worth a message or one goes anyway. */
  takeRoom(goesAnyway: boolean, least: { messages: number; bytes: number }): readonly Amount[] {
    const amounts = [...this.#room].map(([group, room]) => ({ group, ...room }));
    const isWorth = amounts.some(
      ({ messages, bytes }) => messages >= least.messages || bytes >= least.bytes,
    );
    if (!goesAnyway && !isWorth) return [];
    this.#room.clear();
    return amounts;
  }

  #give(group: GroupId, bytes: number): void {
    const room = this.#room.get(group);
    if (room === undefined) {
      this.#room.set(group, { messages: 1, bytes });
      return;
    }
    room.messages += 1;
    room.bytes += bytes;
  }
}
