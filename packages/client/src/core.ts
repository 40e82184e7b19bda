/** What stands behind a client and its groups: commands in, and every event to where it belongs. */
import type { GroupName } from '@choir/protocol';
import { ChoirError, clientError } from './choir-error.ts';
import type { Driver } from './driver.ts';
import { type Feed, rejoinedOf } from './feed.ts';
import { LockDesk } from './lock-desk.ts';
import type { Command, GroupState, ServerStatus, Session, SessionEvent } from './session/index.ts';
import {
  Promises,
  quiet,
  refusalOf,
  type Settled,
  settledOf,
  withdrawalOf,
  withdrawnOf,
} from './settlements.ts';

/** What concerns no single group. */
export type CoreListener = (event: SessionEvent) => void;

export class Core {
  readonly session: Session;
  readonly locks = new LockDesk(this);
  readonly #driver: Driver;
  readonly #listener: CoreListener;
  readonly #settlements = new Promises<number, Settled>();
  readonly #states = new Promises<number, GroupState>();
  readonly #statuses = new Promises<number, ServerStatus>();
  readonly #joins = new Promises<GroupName, void>();
  readonly #leaves = new Promises<GroupName, void>();
  readonly #feeds = new Map<GroupName, Feed>();
  /** Local ids of `leave` submissions. */
  readonly #leaving = new Map<number, GroupName>();
  #failure: ChoirError | null = null;

  constructor(session: Session, driver: Driver, listener: CoreListener) {
    this.session = session;
    this.#driver = driver;
    this.#listener = listener;
  }

  /** Gives a command; throws when it is refused at once. Returns its id. */
  command(command: Command, accepted: (id: number) => void = () => {}): number {
    const result = this.#driver.command(command, accepted);
    if (result.kind === 'accepted') return result.id;
    throw clientError(result.code);
  }

  /** Submits what `make` makes; a mistake in it makes the promise fail, as a refusal does. */
  submit(make: () => Command): Promise<Settled> {
    return this.#ask(this.#settlements, make);
  }

  read(make: () => Command): Promise<GroupState> {
    return this.#ask(this.#states, make);
  }

  status(): Promise<ServerStatus> {
    return this.#ask(this.#statuses, () => ({ kind: 'status' }));
  }

  feed(name: GroupName): Feed | null {
    return this.#feeds.get(name) ?? null;
  }

  /** Follows groups with one command; resolves when all their first blocks have ended. */
  async follow(feeds: ReadonlyMap<GroupName, Feed>, command: Command): Promise<void> {
    this.command(command);
    for (const [name, feed] of feeds) {
      if (this.#feeds.get(name) !== feed) this.#over(name, 'unwatched');
      this.#feeds.set(name, feed);
    }
    await Promise.all([...feeds.keys()].map((name) => this.#joined(name)));
  }

  async leave(name: GroupName): Promise<void> {
    const left = this.#leaves.of(name);
    try {
      this.command({ kind: 'leave', group: name }, (id) => this.#leaving.set(id, name));
    } catch (error) {
      if (error instanceof ChoirError) this.#leaves.reject(name, error);
      else throw error;
    }
    await left;
  }

  /** Ends the client for a reason of its own. */
  fail(error: ChoirError): void {
    if (this.session.state === 'closed') return;
    this.#failure = error;
    this.command({ kind: 'close' });
  }

  dispatch(told: SessionEvent): void {
    const event = this.#explained(told);
    switch (event.kind) {
      case 'settled':
        this.#settlements.resolve(event.localId, settledOf(event));
        this.#leaveAnswered(event.localId, null);
        break;
      case 'refused':
        this.#refused(event);
        break;
      case 'withdrawn':
        this.#settlements.reject(event.localId, withdrawalOf(event));
        this.#feeds.get(event.group)?.tell('withdrawn', withdrawnOf(event));
        break;
      case 'joined': {
        const { at, gap } = event;
        const first = { globalId: at.seq, epoch: at.epoch, gap };
        this.#feeds.get(event.group)?.tell('joined', first);
        this.#joins.resolve(event.group, undefined);
        break;
      }
      case 'rejoined':
        this.#feeds.get(event.group)?.tell('rejoined', rejoinedOf(event));
        // Who asked for it while it was away waits for this.
        this.#joins.resolve(event.group, undefined);
        break;
      case 'reset':
        this.#feeds.get(event.group)?.tell('reset', null);
        break;
      case 'join_refused':
        if (!event.retrying) this.#joinRefused(event);
        break;
      case 'left':
        this.#left(event.group, event.why);
        break;
      case 'message':
        this.#feeds.get(event.group)?.deliver(event);
        break;
      case 'volatile': {
        const { senderId: sender, data } = event;
        this.#feeds.get(event.group)?.tell('volatile', { sender, data });
        break;
      }
      case 'lock': {
        const recovered = this.locks.tell(event);
        if (recovered !== null) this.#feeds.get(event.group)?.tell('recovered', recovered);
        break;
      }
      case 'state':
        this.#states.resolve(event.requestId, event.state);
        break;
      case 'status':
        this.#statuses.resolve(event.requestId, event.status);
        break;
      case 'request_refused': {
        const error = new ChoirError(event.code, event.message);
        this.#states.reject(event.requestId, error);
        this.#statuses.reject(event.requestId, error);
        break;
      }
      case 'ended':
        this.#ended(new ChoirError(event.code, event.message));
        break;
      case 'connection':
      case 'attached':
      case 'delayed':
      case 'given_back':
      case 'violation':
        break;
      default:
        event satisfies never;
    }
    this.#listener(event);
  }

  #ask<T>(promises: Promises<number, T>, make: () => Command): Promise<T> {
    return quiet(
      new Promise((resolve, reject) => {
        this.command(make(), (id) => promises.add(id, { resolve, reject }));
      }),
    );
  }

  #joined(name: GroupName): Promise<void> {
    const followed = this.session.group(name);
    const live = followed?.phase === 'live' && followed.leaving === null;
    return live ? Promise.resolve() : this.#joins.of(name);
  }

  #refused(event: Extract<SessionEvent, { kind: 'refused' }>): void {
    const error = refusalOf(event);
    this.#leaveAnswered(event.localId, error);
    if (!this.locks.refused(event.localId, error)) this.#settlements.reject(event.localId, error);
    this.#feeds.get(event.group)?.tell('refused', { localId: event.localId, error });
  }

  /** Also that of a group which is not followed, and whose end nobody will tell. */
  #leaveAnswered(id: number, error: ChoirError | null): void {
    const name = this.#leaving.get(id);
    if (name === undefined) return;
    const group = this.session.group(name);
    // Not a member any more is what was wanted.
    if (error === null || group?.scope !== 'member') this.#leaves.resolve(name, undefined);
    else this.#leaves.reject(name, error);
    // Refused, it did not end what was to be joined again behind it.
    if (group?.phase === 'live') this.#joins.resolve(name, undefined);
  }

  #joinRefused({ groups, code, message }: Extract<SessionEvent, { kind: 'join_refused' }>): void {
    for (const name of groups) {
      this.#joins.reject(name, new ChoirError(code, message));
      this.#end(name, 'refused');
    }
  }

  #left(name: GroupName, why: 'left' | 'deleted' | 'unwatched'): void {
    for (const [id, group] of this.#leaving) if (group === name) this.#leaving.delete(id);
    this.#leaves.resolve(name, undefined);
    // Joined again behind the leave: the same group goes on.
    if (this.session.group(name) !== null) return;
    this.#over(name, why);
  }

  #over(name: GroupName, why: 'left' | 'deleted' | 'unwatched'): void {
    this.#joins.reject(name, clientError('LEFT'));
    this.#end(name, why);
  }

  #end(name: GroupName, why: 'left' | 'deleted' | 'unwatched' | 'refused' | 'closed'): void {
    const feed = this.#feeds.get(name);
    this.#feeds.delete(name);
    feed?.end(why);
  }

  /** A session that was closed because the store failed says why. */
  #explained(event: SessionEvent): SessionEvent {
    if (event.kind !== 'ended' || this.#failure === null) return event;
    const { code, message } = this.#failure;
    return { kind: 'ended', code, message };
  }

  #ended(error: ChoirError): void {
    for (const name of [...this.#feeds.keys()]) this.#end(name, 'closed');
    const requests = [this.#settlements, this.#states, this.#statuses, this.locks];
    for (const promises of [...requests, this.#joins, this.#leaves]) promises.rejectAll(error);
  }
}
