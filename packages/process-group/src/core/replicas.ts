/**
 * The replicas of a member: state machines, each on a channel of its own, that go through the order without anybody waiting for them. Together
 * they are the state that is transferred.
 */
import type { GroupView, Member } from './member.ts';
import { readState, writeState } from './state-bytes.ts';

/** A state machine. What it does follows from what it is given alone, or the members' states part. */
export type Replica = {
  /** A message on its channel, of a member, this one included. The bytes are not to be changed, and to be copied if they are kept. */
  readonly apply: (from: Member, bytes: Uint8Array) => void;
  /** A view, at its place between the messages. */
  readonly view?: (view: GroupView) => void;
  /**
   * The present state, in pieces; they are gone through later, and must not change with the state. Where the same state gives the same bytes at
   * every member, a transfer that broke off goes on where it was (T5).
   */
  readonly snapshot: () => Iterable<Uint8Array>;
  /** Replaces the state. An error says that these bytes are no state. */
  readonly restore: (pieces: readonly Uint8Array[]) => void;
};

export class Replicas {
  readonly #replicas: ReadonlyMap<string, Replica>;

  constructor(replicas: Readonly<Record<string, Replica>>) {
    const channels = Object.keys(replicas).sort();
    this.#replicas = new Map(
      channels.flatMap((channel) => {
        const replica = replicas[channel];
        return replica === undefined ? [] : [[channel, replica] as const];
      }),
    );
  }

  /** Whether a replica takes the messages of this channel. */
  has(channel: string): boolean {
    return this.#replicas.has(channel);
  }

  apply(channel: string, from: Member, bytes: Uint8Array): void {
    this.#replicas.get(channel)?.apply(from, bytes);
  }

  view(view: GroupView): void {
    for (const replica of this.#replicas.values()) replica.view?.(view);
  }

  /** The state now; gone through later. */
  snapshot(): Iterable<Uint8Array> {
    const snapshots = [...this.#replicas].map(
      ([channel, replica]) => [channel, replica.snapshot()] as const,
    );
    return writeState(snapshots);
  }

  /** @throws Error when these are not the states of the same replicas, or one of them does not take its own */
  restore(pieces: readonly Uint8Array[]): void {
    const states = readState(joined(pieces));
    const [mine, theirs] = [[...this.#replicas.keys()], [...states.keys()]];
    if (mine.join('\n') !== theirs.join('\n')) {
      const list = (channels: readonly string[]): string => channels.join(', ') || 'none';
      throw new Error(
        `The group has the replicas ${list(theirs)}, this member has ${list(mine)}: join with the same.`,
      );
    }
    for (const [channel, replica] of this.#replicas) replica.restore(states.get(channel) ?? []);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
