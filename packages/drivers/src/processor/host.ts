/**
 * A processor, as an application uses it: its protocol and its sockets run in a thread of their own, so that an application that
 * is busy neither delays heartbeats nor loses datagrams.
 *
 * H1 Messages of one turn of the event loop go to the thread in one buffer, deliveries of one turn come back in one.
 * H2 What is on its way in either direction is bounded: by `room.ts`, and by `backlogBytes` of the settings.
 * H3 The thread knows how far the application's event loop has come, at the latest every 100 ms.
 */
import { Worker } from 'node:worker_threads';
import type { GroupId, ProcessorId, View } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import { type ClusterKey, checkKeys } from '../keys.ts';
import { DeliveryReader } from './deliveries.ts';
import { EventQueue } from './event-queue.ts';
import type { Listener, MessageEvent } from './group-event.ts';
import { HandoverWriter } from './handover.ts';
import { Membership } from './membership.ts';
import { type HostOptions, threadOptions } from './options.ts';
import type { Statistics } from './statistics.ts';
import type { FromThread, ThreadOptions, ToThread } from './thread-message.ts';

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
const progressMs = 100;
/** A buffer of this size goes to the thread at once. */
const handoverBytes = 64 * 1024;
/** The part of the backlog that the application may have taken without telling the thread. */
const takenShare = 16;

type Turn = Extract<FromThread, { readonly kind: 'turn' }>;

export class ProcessorHost {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #onWarning: (text: string) => void;
  readonly #progress: Int32Array;
  readonly #beat: NodeJS.Timeout;
  readonly #memberships = new Map<GroupId, Membership>();
  readonly #queues = new Map<GroupId, EventQueue>();
  readonly #handover = new HandoverWriter();
  #isFlushComing = false;
  #asked: PromiseWithResolvers<Statistics>[] = [];
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #isClosing = false;
  #id: ProcessorId | null = null;
  #address = '';

  private constructor(options: ThreadOptions, onWarning: (text: string) => void) {
    this.#options = options;
    this.#onWarning = onWarning;
    this.#progress = new Int32Array(options.progress);
    const entry = new URL('./worker.ts', import.meta.url);
    this.#worker = new Worker(entry, { name: 'ftmp', workerData: options });
    this.#worker.on('message', (message: FromThread) => this.#told(message));
    this.#worker.on('error', (error) => this.#ended(String(error)));
    this.#worker.on('exit', (code) => this.#ended(`exit code ${code}`));
    this.#beat = setInterval(() => Atomics.add(this.#progress, 0, 1), progressMs).unref();
  }

  /**
   * Opens a processor. It is in no group yet.
   *
   * @throws DriverError when an option is wrong, or its address cannot be bound
   */
  static async open(options: HostOptions): Promise<ProcessorHost> {
    const { onWarning = (text) => process.emitWarning(text) } = options;
    const host = new ProcessorHost(threadOptions(options), onWarning);
    await host.#opened.promise;
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
    this.#checkOpen();
    if (this.#memberships.has(group)) {
      throw new DriverError('drivers-option', `Group ${group} was joined before by this host.`);
    }
    const membership = new Membership(group, listener ?? this.#queue(group));
    this.#memberships.set(group, membership);
    this.#flush();
    this.#post({ kind: 'join', group, init });
    return membership.joined.then((view) => view);
  }

  /** Leaves a group when what was sent to it has gone out; resolves when the others have agreed. */
  leave(group: GroupId): Promise<void> {
    const membership = this.#membership(group);
    this.#flush();
    this.#post({ kind: 'leave', group });
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
    this.#handover.add(group, bytes, safe);
    if (this.#handover.bytes >= handoverBytes) this.#flush();
    else this.#flushSoon();
    return answer;
  }

  /**
   * Hands a message over as soon as there is room; senders that wait are served in their order.
   *
   * @throws DriverError `drivers-closed` when the group is over
   */
  async send(group: GroupId, bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    for (;;) {
      const answer = this.trySend(group, bytes, options);
      if (answer === 'queued') return;
      if (answer === 'closed') {
        throw new DriverError('drivers-closed', `Group ${group} is over, or was never joined.`);
      }
      await this.#membership(group).whenWritable();
    }
  }

  /**
   * The events of a group that was joined without a listener.
   *
   * @throws DriverError `drivers-option` for any other
   */
  events(group: GroupId): EventQueue {
    const queue = this.#queues.get(group);
    if (queue !== undefined) return queue;
    throw new DriverError('drivers-option', `Group ${group} was not joined, or with a listener.`);
  }

  statistics(): Promise<Statistics> {
    this.#checkOpen();
    const asked = Promise.withResolvers<Statistics>();
    this.#asked.push(asked);
    this.#post({ kind: 'statistics' });
    return asked.promise;
  }

  /**
   * Changes the cluster keys; the last one is for sending.
   *
   * @throws DriverError `drivers-key`, `drivers-insecure` when it was opened without keys
   */
  setKeys(keys: readonly ClusterKey[]): void {
    this.#checkOpen();
    if (this.#options.keys === null) {
      throw new DriverError(
        'drivers-insecure',
        'This processor was opened without keys: open it anew.',
      );
    }
    checkKeys(keys);
    this.#post({ kind: 'keys', keys });
  }

  /** Ends without leaving: the others find out. Leave the groups before to part in order. */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#flush();
      this.#post({ kind: 'close' });
    }
    return this.#closed.promise;
  }

  #queue(group: GroupId): Listener {
    const queue = new EventQueue((event) => this.#took(event));
    this.#queues.set(group, queue);
    return (event) => queue.push(event);
  }

  #membership(group: GroupId): Membership {
    const membership = this.#memberships.get(group);
    if (membership !== undefined) return membership;
    throw new DriverError('drivers-closed', `Group ${group} was never joined.`);
  }

  #checkOpen(): void {
    if (this.#isClosing) throw new DriverError('drivers-closed', 'The processor is closed.');
  }

  #flushSoon(): void {
    if (this.#isFlushComing) return;
    this.#isFlushComing = true;
    setImmediate(() => {
      this.#isFlushComing = false;
      this.#flush();
    });
  }

  /** H1 */
  #flush(): void {
    const least = this.#options.settings.backlogBytes / takenShare;
    const taken = [...this.#memberships.values()]
      .map((membership) => membership.takeTaken(least))
      .filter((amount) => amount !== null);
    if (this.#handover.bytes === 0) {
      if (taken.length > 0) this.#post({ kind: 'work', buffer: null, length: 0, taken });
      return;
    }
    const { buffer, length } = this.#handover.take();
    this.#post({ kind: 'work', buffer, length, taken }, [buffer]);
  }

  #post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #told(message: FromThread): void {
    switch (message.kind) {
      case 'opened':
        this.#id = message.id;
        this.#address = message.address;
        this.#opened.resolve();
        return;
      case 'failed':
        this.#opened.reject(new DriverError(message.code, message.message));
        return;
      case 'turn':
        this.#turn(message);
        return;
      case 'warning':
        this.#onWarning(message.text);
        return;
      case 'statistics':
        this.#asked.shift()?.resolve(message.statistics);
        return;
      case 'closed':
        this.#end(null);
        return;
      default:
        message satisfies never;
    }
  }

  #turn({ deliveries, occurrences, room }: Turn): void {
    Atomics.add(this.#progress, 0, 1);
    for (const amount of room) this.#memberships.get(amount.group)?.give(amount);
    const reader = new DeliveryReader(deliveries ?? new ArrayBuffer(0));
    let before = 0;
    for (const [at, occurrence] of occurrences) {
      this.#deliver(reader, at - before);
      before = at;
      if (occurrence.kind === 'excluded' && occurrence.rejoins !== null) {
        this.#id = occurrence.rejoins;
      }
      this.#memberships.get(occurrence.group)?.tell(occurrence);
    }
    this.#deliver(reader, Number.POSITIVE_INFINITY);
    this.#flushSoon();
  }

  #deliver(reader: DeliveryReader, count: number): void {
    for (let n = 0; n < count; n += 1) {
      const delivery = reader.next();
      if (delivery === null) return;
      const { group, sender, timestamp, safe, transitional, bytes } = delivery;
      const event = {
        kind: 'message',
        group,
        sender,
        timestamp,
        safe,
        transitional,
        bytes,
      } as const;
      this.#memberships.get(group)?.tell(event);
      if (!this.#queues.has(group)) this.#took(event);
    }
  }

  #took({ group, bytes }: MessageEvent): void {
    this.#memberships.get(group)?.took(bytes.length);
    if (this.#queues.has(group)) this.#flushSoon();
  }

  #ended(how: string): void {
    const error = new DriverError(
      'drivers-thread',
      `The thread of the processor ended: ${how}. Open a new one.`,
    );
    this.#opened.reject(error);
    this.#end(error);
  }

  #end(error: DriverError | null): void {
    this.#isClosing = true;
    clearInterval(this.#beat);
    const over = error ?? new DriverError('drivers-closed', 'The processor is closed.');
    for (const asked of this.#asked) asked.reject(over);
    this.#asked = [];
    for (const { group } of this.#memberships.values()) {
      const membership = this.#memberships.get(group);
      this.#memberships.delete(group);
      membership?.tell({ kind: 'closed', group, error });
    }
    this.#closed.resolve();
  }
}
