/**
 * A processor, as an application uses it: its protocol and its sockets run in a thread of their own, so that an application that
 * is busy neither delays heartbeats nor loses datagrams.
 *
 * H2 What is on its way in either direction is bounded: by `room.ts`, and by `backlogBytes` of the settings.
 */
import type { GroupId, ProcessorId, View } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import { type ClusterKey, checkKeys } from '../keys.ts';
import type { EventQueue } from './event-queue.ts';
import type { Listener } from './group-event.ts';
import type { Membership } from './membership.ts';
import { Memberships } from './memberships.ts';
import { type HostOptions, threadOptions } from './options.ts';
import type { Statistics } from './statistics.ts';
import { ThreadLink, type Turn } from './thread-link.ts';
import type { ThreadOptions } from './thread-message.ts';

export type JoinOptions = {
  /** Makes the group, with a first view of this processor alone; exactly one processor does that, once. */
  readonly init?: boolean;
  /** Is given every event; without one they are read by `events`. It must return soon. */
  readonly listener?: Listener;
};

export type SendOptions = {
  /** Deliver it when all members hold it; false when not given. */
  readonly safe?: boolean;
};

/** The longest message. */
export const messageBytesMax = 16 * 1024 * 1024;
/** The part of the backlog that the application may have taken without telling the thread. */
const takenShare = 16;

export class ProcessorHost {
  readonly #options: ThreadOptions;
  readonly #link: ThreadLink;
  readonly #memberships: Memberships;
  #id: ProcessorId | null = null;
  #address = '';

  private constructor(options: ThreadOptions, onWarning: (text: string) => void) {
    this.#options = options;
    const least = options.settings.backlogBytes / takenShare;
    const link = new ThreadLink(options, {
      turn: (turn) => this.#turn(turn),
      warning: onWarning,
      taken: () => this.#memberships.taken(least),
      ended: (error) => this.#memberships.ended(error),
    });
    this.#link = link;
    this.#memberships = new Memberships(() => link.flushSoon());
  }

  /**
   * Opens a processor. It is in no group yet.
   *
   * @throws DriverError when an option is wrong, or its address cannot be bound
   */
  static async open(options: HostOptions): Promise<ProcessorHost> {
    const { onWarning = (text) => process.emitWarning(text) } = options;
    const host = new ProcessorHost(threadOptions(options), onWarning);
    const { id, address } = await host.#link.opened;
    host.#id = id;
    host.#address = address;
    return host;
  }

  /** The id of the present incarnation. */
  get id(): ProcessorId {
    if (this.#id === null) throw new DriverError('drivers-closed', 'The processor is not open.');
    return this.#id;
  }

  /** `IP:PORT` where others reach it: a seed for them. */
  get address(): string {
    return this.#address;
  }

  /**
   * Joins a group, or makes it with `init`. It asks until it is let in.
   *
   * @returns the first view; rejects when the group is left or the host closed before
   * @throws DriverError `drivers-option` when it is in this group, or was: who has left comes back with a new host
   */
  join(group: GroupId, { init = false, listener }: JoinOptions = {}): Promise<View> {
    this.#link.checkOpen();
    const membership = this.#memberships.join(group, listener);
    this.#link.tell({ kind: 'join', group, init });
    return membership.joined.then((view) => view);
  }

  /** Leaves a group when what was sent to it has gone out, and takes nothing more; resolves when the others have agreed. */
  leave(group: GroupId): Promise<void> {
    const membership = this.#membership(group);
    membership.leave();
    this.#link.tell({ kind: 'leave', group });
    return membership.left;
  }

  /**
   * Hands a message over. That it was queued promises nothing yet: it was sent to all who are in the view in which it comes back.
   *
   * @param bytes copied; at most 16 MiB
   * @returns `full` when there is no room: an event `writable` tells when there is
   * @throws DriverError `drivers-message` when it is too long
   */
  trySend(
    group: GroupId,
    bytes: Uint8Array,
    { safe = false }: SendOptions = {},
  ): 'queued' | 'full' | 'closed' {
    if (bytes.length > messageBytesMax) {
      throw new DriverError(
        'drivers-message',
        `A message has at most ${messageBytesMax} bytes, not ${bytes.length}: send it in parts.`,
      );
    }
    const answer = this.#memberships.get(group)?.use(bytes.length) ?? 'closed';
    if (answer !== 'queued') return answer;
    this.#link.hand(group, bytes, safe);
    return answer;
  }

  /**
   * Hands a message over as soon as there is room; senders that wait are served in their order, before `trySend` is.
   *
   * @param bytes copied when there is room: not to be changed before
   * @throws DriverError `drivers-closed` when the group is over
   */
  async send(group: GroupId, bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    const answer = this.trySend(group, bytes, options);
    if (answer === 'queued') return;
    if (answer === 'closed') {
      throw new DriverError('drivers-closed', `Group ${group} is over, or was never joined.`);
    }
    const { safe = false } = options;
    await this.#membership(group).wait(bytes.length, () => this.#link.hand(group, bytes, safe));
  }

  /**
   * The events of a group that was joined without a listener.
   *
   * @throws DriverError `drivers-option` for any other
   */
  events(group: GroupId): EventQueue {
    const queue = this.#memberships.queue(group);
    if (queue !== undefined) return queue;
    throw new DriverError('drivers-option', `Group ${group} was not joined, or with a listener.`);
  }

  statistics(): Promise<Statistics> {
    return this.#link.statistics();
  }

  /**
   * Changes the cluster keys; the last one is for sending.
   *
   * @throws DriverError `drivers-key`, `drivers-insecure` when it was opened without keys
   */
  setKeys(keys: readonly ClusterKey[]): void {
    this.#link.checkOpen();
    if (this.#options.keys === null) {
      throw new DriverError(
        'drivers-insecure',
        'This processor was opened without keys: open it anew.',
      );
    }
    checkKeys(keys);
    this.#link.tell({ kind: 'keys', keys });
  }

  /** Ends without leaving: the others find out. Leave the groups before to part in order. */
  close(): Promise<void> {
    return this.#link.close();
  }

  #membership(group: GroupId): Membership {
    const membership = this.#memberships.get(group);
    if (membership !== undefined) return membership;
    throw new DriverError('drivers-closed', `Group ${group} was never joined.`);
  }

  #turn(turn: Turn): void {
    this.#id = this.#memberships.turn(turn) ?? this.#id;
    this.#link.flushSoon();
  }
}
