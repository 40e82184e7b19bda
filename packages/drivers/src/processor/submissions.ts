/** Messages that were handed over to a group, until the processor has room for them. */
import type { GroupId, OutgoingMessage, Processor } from '@choir/ftmp';
import type { Amount } from './thread-message.ts';

type Waiting = { messages: OutgoingMessage[]; at: number };

export class Submissions {
  readonly #waiting = new Map<GroupId, Waiting>();
  readonly #onQueued: (group: GroupId, message: OutgoingMessage) => void;
  readonly #room = new Map<GroupId, { messages: number; bytes: number }>();
  /** Messages for groups that are over. */
  dropped = 0;

  /** @param onQueued is told of each message that a processor took */
  constructor(onQueued: (group: GroupId, message: OutgoingMessage) => void) {
    this.#onQueued = onQueued;
  }

  add(group: GroupId, message: OutgoingMessage): void {
    const waiting = this.#waiting.get(group);
    if (waiting === undefined) this.#waiting.set(group, { messages: [message], at: 0 });
    else waiting.messages.push(message);
  }

  pending(group: GroupId): number {
    const waiting = this.#waiting.get(group);
    return waiting === undefined ? 0 : waiting.messages.length - waiting.at;
  }

  /**
   * Gives each group's messages to the processor, as many as it takes.
   *
   * @param waits whether the messages of this group are to wait: nothing is sent before the first view
   */
  submit(processor: Processor, waits: (group: GroupId) => boolean): void {
    for (const [group, waiting] of this.#waiting) {
      if (waits(group)) continue;
      const { messages } = waiting;
      for (; waiting.at < messages.length; waiting.at += 1) {
        const message = messages[waiting.at];
        if (message === undefined) break;
        const answer = processor.submit(group, message);
        if (answer === 'full') break;
        if (answer === 'closed') this.dropped += 1;
        else this.#onQueued(group, message);
        this.#give(group, message.bytes.length);
      }
      if (waiting.at === messages.length) this.#waiting.delete(group);
    }
  }

  /** What waits for this group will never be sent. */
  drop(group: GroupId): void {
    const waiting = this.#waiting.get(group);
    if (waiting === undefined) return;
    for (const { bytes } of waiting.messages.slice(waiting.at)) {
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
