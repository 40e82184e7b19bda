/**
 * What the application has been given and has not taken, of each group. Deliveries of an earlier incarnation stay untaken for a while: the
 * present one is not told when they are taken, since they are not in its count.
 */
import type { GroupId } from '@choir/ftmp';
import type { Amount } from './thread-message.ts';

type Open = { messages: number; bytes: number };

export class Untaken {
  /** Of the present incarnation, and of those before it. */
  readonly #present = new Map<GroupId, Open>();
  readonly #earlier = new Map<GroupId, Open>();

  given(group: GroupId, bytes: number): void {
    const open = this.#present.get(group);
    if (open === undefined) this.#present.set(group, { messages: 1, bytes });
    else {
      open.messages += 1;
      open.bytes += bytes;
    }
  }

  /** The application has taken so much; what of it was of the present incarnation. */
  taken({ group, messages, bytes }: Amount): Amount {
    const earlier = this.#earlier.get(group);
    const [oldMessages, oldBytes] =
      earlier === undefined
        ? [0, 0]
        : [Math.min(messages, earlier.messages), Math.min(bytes, earlier.bytes)];
    if (earlier !== undefined) reduce(this.#earlier, group, oldMessages, oldBytes);
    const now = { group, messages: messages - oldMessages, bytes: bytes - oldBytes };
    reduce(this.#present, group, now.messages, now.bytes);
    return now;
  }

  /** A new incarnation begins. */
  renew(): void {
    for (const [group, { messages, bytes }] of this.#present) {
      const earlier = this.#earlier.get(group) ?? { messages: 0, bytes: 0 };
      this.#earlier.set(group, {
        messages: earlier.messages + messages,
        bytes: earlier.bytes + bytes,
      });
    }
    this.#present.clear();
  }
}

function reduce(of: Map<GroupId, Open>, group: GroupId, messages: number, bytes: number): void {
  const open = of.get(group);
  if (open === undefined) return;
  open.messages -= messages;
  open.bytes -= bytes;
  if (open.messages <= 0 && open.bytes <= 0) of.delete(group);
}
