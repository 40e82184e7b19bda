/** What a process reaches its groups through: one processor, with a thread and sockets of its own. */
import { ProcessorHost, type Statistics } from '@choir/drivers';
import type { GroupId } from '@choir/ftmp';
import { abortable } from '../abortable.ts';
import { checkSignal } from '../arguments.ts';
import { occupy } from '../blocks/occupancy.ts';
import { ProcessGroup } from '../group/process-group.ts';
import { GroupError } from '../group-error.ts';
import { GroupDriver } from '../member/driver.ts';
import { warningTo } from '../warning.ts';
import { groupNumber } from './group-number.ts';
import { checkJoin, checkName, type JoinOptions } from './join-options.ts';
import { lateError, networkSilence } from './late-joining.ts';
import { Seeds, unfoundWarning } from './seeds.ts';
import { checkTransport, type TransportOptions } from './transport-options.ts';

/** What is said when nobody has let a process in. */
export type Patience = {
  /** The time that was given, of which a part may be left. */
  readonly givenMs: number;
  /** Why nobody of the group may have said anything. */
  readonly silence: () => string;
};

/** How long a process waits to be let in when it does not say. */
export const joinMs = 30_000;
/** How long `close` waits for the others to agree that this process leaves. */
const leaveMs = 2_000;

/**
 * What a process reaches its groups through across machines: one processor, with a thread and sockets of its own.
 *
 * @example
 * const network = { kind: 'unicast', host: '192.0.2.8', port: 7500, seeds: ['192.0.2.7:7500'] };
 * const transport = await Transport.open({ network, keys: await readKeys('cluster.key') });
 * const group = await transport.join('lobby', { label: 'ann' });
 */
export class Transport {
  readonly #host: ProcessorHost;
  readonly #options: TransportOptions;
  readonly #seeds: Seeds;
  readonly #warn: (text: string) => void;
  readonly #groups = new Set<ProcessGroup>();
  /** What was joined so far, or in vain: an incarnation is in no group twice. */
  readonly #names = new Map<GroupId, string>();

  private constructor(host: ProcessorHost, options: TransportOptions, seeds: Seeds) {
    this.#host = host;
    this.#options = options;
    this.#seeds = seeds;
    this.#warn = warningTo(options.onWarning);
    for (const one of seeds.unfound) this.#warn(unfoundWarning(one));
  }

  /**
   * Opens a transport; it is in no group yet. A seed is `HOST:PORT`, where the host is an IP address or a name: that stands for all of its addresses, and is
   * looked up again, every 5 s at most, while a group is looked for. It is warned of names that have no address.
   *
   * @param signal gives up opening it, which may take as long as names are looked up
   * @throws DriverError when the value of an option is wrong (`drivers-option`, `drivers-address`, `drivers-key`, `drivers-insecure`, `drivers-trace`), or the
   *   address cannot be bound (`drivers-socket`);
   * @throws GroupError `group-option` when no seed has an address, or an option has a name that is not known; the signal's reason
   */
  static async open(options: TransportOptions, signal?: AbortSignal): Promise<Transport> {
    checkTransport(options);
    if (signal !== undefined) checkSignal(signal);
    const seeds = await abortable(Seeds.of(options.network), signal);
    const host = await ProcessorHost.open({ ...options, rejoin: true });
    if (signal?.aborted === true) {
      await host.close();
      throw signal.reason;
    }
    return new Transport(host, options, seeds);
  }

  /** `IP:PORT` where others reach this process: by unicast a seed for them. */
  get address(): string {
    return this.#host.address;
  }

  /**
   * Joins a group, or makes it with `init`; resolves when this process is a member and has the state.
   *
   * @param name 1 … 256 bytes of UTF-8, of which something is to be seen
   * @throws GroupError `group-option`, also when this transport has joined the group before; `group-time`, `group-refused`, `group-state-lost`; the signal's reason
   */
  async join(name: string, options: JoinOptions = {}): Promise<ProcessGroup> {
    checkName(name);
    checkJoin(options);
    const { network, keys } = this.#options;
    const watch = this.#seeds.watch();
    try {
      return await this.enter(name, options, {
        givenMs: options.timeoutMs ?? joinMs,
        silence: () => networkSilence(network, keys !== undefined, this.#seeds.unfound),
      });
    } finally {
      watch.stop();
    }
  }

  /** @internal As `join`, of arguments that were checked. */
  async enter(name: string, options: JoinOptions, patience: Patience): Promise<ProcessGroup> {
    const { label, init = false, replicas = {}, observer = false, answer = null } = options;
    const { signal, timeoutMs = joinMs, onWarning } = options;
    const warn = onWarning === undefined ? this.#warn : warningTo(onWarning);
    signal?.throwIfAborted();
    const group = groupNumber(name);
    const former = this.#names.get(group);
    if (former !== undefined) throw againError(name, former);
    const host = this.#host;
    const release = occupy(name, replicas);
    try {
      host.join(group, { init }).catch(() => {});
    } catch (error) {
      release();
      throw error;
    }
    this.#names.set(group, name);
    const driver = new GroupDriver({
      host,
      group,
      name,
      label: label ?? null,
      replicas,
      observer,
      answer,
      warn,
    });
    driver.over.then(release);
    if (options.events === false) driver.events.return();
    driver.run();
    const timer = setTimeout(() => {
      const { obstacle } = driver;
      const joining = { name, label: label ?? null, timeoutMs: patience.givenMs, obstacle };
      driver.end(lateError(joining, patience.silence()));
    }, timeoutMs);
    const abort = (): void => driver.end(new GroupError('group-over', 'The joining was given up.'));
    signal?.addEventListener('abort', abort);
    try {
      await driver.joined;
      // Given up in the moment in which it was let in.
      signal?.throwIfAborted();
    } catch (error) {
      host.leave(group).catch(() => {});
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    driver.over.then((reason) => {
      if (reason !== null && !driver.events.isRead) warn(reason.message);
    });
    const joined = new ProcessGroup(name, driver);
    this.#groups.add(joined);
    joined.afterwards(async () => {
      this.#groups.delete(joined);
    });
    return joined;
  }

  /** Counters of the processor and its network. */
  statistics(): Promise<Statistics> {
    return this.#host.statistics();
  }

  /** Leaves all groups, and ends. Where the others do not agree within 2 s, they find out; to be told of what was not sent, leave the groups before. */
  async close(): Promise<void> {
    const groups = [...this.#groups];
    await Promise.all(groups.map((group) => group.leave({ timeoutMs: leaveMs })));
    await this.#host.close();
  }
}

/** @param former the name under which the number of the group was joined */
function againError(name: string, former: string): GroupError {
  const why =
    name === former
      ? `Group "${name}" was joined before`
      : `Group "${name}" has the number of "${former}", which was joined`;
  return new GroupError(
    'group-option',
    `${why} through this transport: open another transport for it.`,
  );
}
