/** A group, as an application uses it (docs/design/process-group.md). */
import { now } from '@choir/drivers';
import { processorText } from '@choir/ftmp';
import { checkBytes } from '../arguments.ts';
import type { Addressees, GroupCore, Member, Reply } from '../core/index.ts';
import { GroupError } from '../group-error.ts';
import type { Departure } from '../member/departure.ts';
import type { GroupDriver } from '../member/driver.ts';
import type { GroupEvent } from '../member/event.ts';
import { statisticsChannel } from '../statistics/reserved-channels.ts';
import { type StatisticsReply, statisticsReply } from '../statistics/statistics-reply.ts';
import { timeLimit } from '../time-limit.ts';
import {
  checkLeaving,
  checkMembers,
  checkMulticast,
  checkRequest,
  checkSending,
  checkStatistics,
  type LeaveOptions,
  type MulticastOptions,
  type RequestOptions,
  type SendOptions,
  type StatisticsOptions,
  type To,
} from './saying.ts';

const mainChannel = 'main';
const nothing = new Uint8Array(0);

/**
 * A group that this process has joined. Its events are read by `for await`.
 *
 * @example
 * const group = await joinGroup('lobby', { label: 'ann' });
 * await group.multicast(new TextEncoder().encode('hello'));
 * for await (const event of group) {
 *   if (event.kind === 'message') console.log(new TextDecoder().decode(event.bytes));
 * }
 */
export class ProcessGroup implements AsyncIterable<GroupEvent, undefined> {
  /** As it was given to join. */
  readonly name: string;
  readonly #driver: GroupDriver;
  #afterwards: Promise<GroupError | null>;

  /** @internal Groups are joined by `Transport.join`. */
  constructor(name: string, driver: GroupDriver) {
    this.name = name;
    this.#driver = driver;
    this.#afterwards = driver.over;
  }

  /** This process in the present view; null while it has none, after it was excluded, and when the group is over. */
  get self(): Member | null {
    return this.members.find(({ id }) => id === this.#driver.id) ?? null;
  }

  /** The members of the present view, in the order of their admission; none while there is no view, as for `self`. */
  get members(): readonly Member[] {
    return this.#driver.isOver ? [] : this.#driver.core.members;
  }

  /**
   * Whether this process is in a view that has a quorum: otherwise nothing is delivered. False from an exclusion on until it is back, and when the group is
   * over.
   */
  get primary(): boolean {
    return !this.#driver.isOver && this.#driver.presence.primary;
  }

  /**
   * Views, messages and what else happens, in the group's order: for one reader, in one loop. Whoever leaves the loop gives the events up: what comes is
   * dropped, and to read on throws `group-option`. While 4 MiB of them wait to be read the group is not heard any further.
   *
   * What is multicast on the channel of a replica of this member goes to that replica, and is no event; on any other channel, and by `send`, it is one. An
   * observer has no replicas, so all are events there.
   */
  [Symbol.asyncIterator](): AsyncIterator<GroupEvent, undefined> {
    return this.#driver.events;
  }

  /**
   * Hands a message for all members over, this one included, as soon as there is room. That it was handed over promises nothing yet: it was
   * sent when it comes back.
   *
   * @param bytes at most 16 MiB less 16 KiB; not to be changed until the promise has resolved
   * @throws GroupError `group-over`, `group-unread`, `group-option`; the signal's reason
   */
  async multicast(bytes: Uint8Array, options: MulticastOptions = {}): Promise<void> {
    checkBytes(bytes);
    checkMulticast(options);
    const { channel = mainChannel, delivery = 'agreed', signal } = options;
    await this.#driver.say((core) => core.multicast(channel, bytes, delivery === 'safe'), signal);
  }

  /**
   * As `multicast`, if there is room now.
   *
   * @returns `full` when there is none, `closed` when the group is over
   */
  tryMulticast(
    bytes: Uint8Array,
    options: Omit<MulticastOptions, 'signal'> = {},
  ): 'queued' | 'full' | 'closed' {
    checkBytes(bytes);
    checkMulticast(options);
    const { channel = mainChannel, delivery = 'agreed' } = options;
    return this.#driver.trySay((core) => core.multicast(channel, bytes, delivery === 'safe'));
  }

  /** Hands a message for one member, or some, over; in the order of everything else. As `multicast`. */
  async send(
    to: Member | readonly Member[],
    bytes: Uint8Array,
    options: SendOptions = {},
  ): Promise<void> {
    checkMembers(to);
    checkBytes(bytes);
    checkSending(options);
    const { channel = mainChannel, signal } = options;
    const ids = (Array.isArray(to) ? to : [to]).map(({ id }) => id);
    await this.#driver.say((core) => core.send(ids, channel, bytes), signal);
  }

  /**
   * Asks members, and waits for their answers.
   *
   * @returns a reply for each member that it was for: answered, failed, gone or missing
   * @throws GroupError `group-over`, `group-excluded`, `group-unread`, `group-option`; `group-time` when there was no room for it in time: nothing was sent then; the
   *   signal's reason
   */
  async request(bytes: Uint8Array, options: RequestOptions = {}): Promise<readonly Reply[]> {
    checkBytes(bytes);
    checkRequest(options);
    const { channel = mainChannel } = options;
    return await this.#ask(bytes, { ...options, channel });
  }

  /**
   * Asks all members, this one included, for their statistics; the toolkit answers, not the application.
   *
   * @returns for each member its statistics; or that it failed, is gone, or was missing when the time was over
   * @throws GroupError as `request`
   */
  async statistics(options: StatisticsOptions = {}): Promise<readonly StatisticsReply[]> {
    checkStatistics(options);
    const replies = await this.#ask(nothing, { ...options, channel: statisticsChannel });
    return replies.map(statisticsReply);
  }

  /**
   * Takes nothing more, and leaves when what was handed over has gone out. Resolves when the others have agreed; or when they have not in time, as in a
   * minority: then they find out, and messages may be lost.
   *
   * @returns which of these it was, and how many messages were not sent; of a group that is over, what it was then
   */
  async leave(options: LeaveOptions = {}): Promise<Departure> {
    checkLeaving(options);
    const { timeoutMs = 5_000, signal } = options;
    const departure = await this.#driver.leave({ timeoutMs, signal });
    await this.#afterwards;
    return departure;
  }

  /**
   * Resolves when the group is over for this process, however that came: with null when it has left, otherwise with the reason. That is the error which the
   * reader of the events is given, and the `cause` of what calls fail with from then on (`group-over`); where nobody reads the events, it is warned of.
   */
  get over(): Promise<GroupError | null> {
    return this.#afterwards;
  }

  /** @internal What is to be done when the group is over. */
  afterwards(act: () => Promise<void>): void {
    this.#afterwards = this.#afterwards.then(async (reason) => {
      await act();
      return reason;
    });
    // Whoever waits for it is told; it is no error that nobody does.
    this.#afterwards.catch(() => {});
  }

  /** @internal Is told when the others have removed this process (false), and when it is back. */
  whenPresent(watcher: (isIn: boolean) => void): void {
    this.#driver.presence.watch(watcher);
  }

  /** @internal The group is over for this process, as `error` says. */
  giveUp(error: GroupError): void {
    this.#driver.giveUp(error);
  }

  async #ask(
    bytes: Uint8Array,
    { to = 'all', need = 'all', signal, ...options }: RequestOptions & { readonly channel: string },
  ): Promise<readonly Reply[]> {
    const { channel, timeoutMs = 10_000 } = options;
    const addressees = addresseesOf(to);
    const driver = this.#driver;
    const asked = Promise.withResolvers<readonly Reply[]>();
    const since = now();
    const ask = (core: GroupCore): void => {
      const number = core.ask(addressees, channel, bytes, need);
      if (number === null) {
        asked.reject(new GroupError('group-option', 'Too many requests are open: wait for some.'));
        return;
      }
      const leftMs = Math.max(timeoutMs - (now() - since), 1);
      asked.resolve(driver.requests.wait(number, leftMs, signal));
    };
    signal?.throwIfAborted();
    if (driver.trySay(ask) !== 'queued') await this.#askLater(ask, timeoutMs, signal);
    return withThoseGone(to, await asked.promise);
  }

  async #askLater(
    ask: (core: GroupCore) => void,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const text = `There was no room for the request to group "${this.name}" within ${timeoutMs} ms: is there a quorum (primary)?`;
    const limit = timeLimit(timeoutMs, new GroupError('group-time', text), signal);
    try {
      await this.#driver.say(ask, limit.signal);
    } finally {
      limit.clear();
    }
  }
}

function addresseesOf(to: To): Addressees {
  if (typeof to === 'string') return to;
  const members: readonly Member[] = 'id' in to ? [to] : to;
  return members.map(({ id }) => id);
}

/** Q2: who was named, and was not in the view any more when the request came in the order, is gone. */
function withThoseGone(to: To, replies: readonly Reply[]): readonly Reply[] {
  if (typeof to === 'string') return replies;
  const named: readonly Member[] = 'id' in to ? [to] : to;
  const asked = new Set(replies.map(({ member }) => member.id));
  const gone = named.filter(({ id }) => !asked.has(id));
  return [...replies, ...gone.map((member): Reply => ({ kind: 'gone', member }))];
}

/**
 * A member as it is written for people, in the command line, too: `ann (1428861.940a65ff)`, or its id alone where that is the label. `member.id` itself is a number, which tells
 * a member from its former selves, and has no other meaning.
 */
export function memberText({ id, label }: Member): string {
  const text = processorText(id);
  return label === text ? text : `${label} (${text})`;
}
