/** What a process reaches its groups through: one processor, with a thread and sockets of its own. */
import { type HostOptions, ProcessorHost, type Statistics } from '@choir/drivers';
import { occupy } from './blocks/occupancy.ts';
import { GroupDriver } from './driver.ts';
import { GroupError } from './group-error.ts';
import { groupNumber } from './group-number.ts';
import {
  checkChannel,
  checkLabel,
  checkName,
  checkObserver,
  checkTimeout,
  type JoinOptions,
} from './options.ts';
import { ProcessGroup } from './process-group.ts';
import { resolveSeeds } from './seeds.ts';

/** As for a processor; who was excluded comes back by itself, as a new member. */
export type TransportOptions = Omit<HostOptions, 'rejoin'>;

/** How long `close` waits for the others to agree that this process leaves. */
const leaveMs = 2_000;

export class Transport {
  readonly #host: ProcessorHost;
  readonly #warn: (text: string) => void;
  readonly #groups = new Set<ProcessGroup>();

  private constructor(host: ProcessorHost, warn: (text: string) => void) {
    this.#host = host;
    this.#warn = warn;
  }

  /**
   * Opens a transport; it is in no group yet. Seeds may be given by name.
   *
   * @throws DriverError when an option is wrong, or the address cannot be bound
   * @throws GroupError `group-option` when no seed has an address
   */
  static async open(options: TransportOptions): Promise<Transport> {
    const network = await resolveSeeds(options.network);
    const { onWarning = (text) => process.emitWarning(text) } = options;
    const host = await ProcessorHost.open({ ...options, network, rejoin: true });
    return new Transport(host, onWarning);
  }

  /** `IP:PORT` where others reach this process: a seed for them. */
  get address(): string {
    return this.#host.address;
  }

  /**
   * Joins a group, or makes it with `init`; resolves when this process is a member and has the state.
   *
   * @param name 1 … 256 bytes of UTF-8
   * @throws GroupError `group-option`, `group-time`, `group-refused`, `group-state-lost`; the signal's reason
   * @throws DriverError `drivers-option` when this transport has joined the group before
   */
  async join(name: string, options: JoinOptions = {}): Promise<ProcessGroup> {
    const { label, init = false, replicas = {}, observer = false, answer = null } = options;
    const { signal } = options;
    const timeoutMs = checkTimeout(options.timeoutMs ?? 30_000);
    if (label !== undefined) checkLabel(label);
    for (const channel of Object.keys(replicas)) checkChannel(channel);
    checkObserver(options);
    signal?.throwIfAborted();
    const group = groupNumber(checkName(name));
    const host = this.#host;
    const release = occupy(name, replicas);
    try {
      host.join(group, { init }).catch(() => {});
    } catch (error) {
      release();
      throw error;
    }
    const driver = new GroupDriver({
      host,
      group,
      name,
      label: label ?? null,
      replicas,
      observer,
      answer,
      warn: this.#warn,
    });
    driver.over.then(release);
    if (options.events === false) driver.events.return();
    driver.run();
    const timer = setTimeout(
      () => driver.end(lateError(name, timeoutMs, driver.whyNot)),
      timeoutMs,
    );
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
      if (reason !== null && !driver.events.isRead) this.#warn(reason.message);
    });
    const joined = new ProcessGroup(name, driver);
    this.#groups.add(joined);
    joined.afterwards(async () => {
      this.#groups.delete(joined);
    });
    return joined;
  }

  statistics(): Promise<Statistics> {
    return this.#host.statistics();
  }

  /** Leaves all groups, and ends. Where the others do not agree in time, they find out. */
  async close(): Promise<void> {
    const groups = [...this.#groups];
    await Promise.all(groups.map((group) => group.leave({ timeoutMs: leaveMs })));
    await this.#host.close();
  }
}

/** Why nobody let it in. */
export function lateError(
  name: string,
  timeoutMs: number,
  whyNot: string | null = null,
): GroupError {
  // What is left of a time that was given is not what was given.
  const shownMs = Math.ceil(timeoutMs / 100) * 100;
  const said = whyNot === null ? '' : ` A member said: ${whyNot}.`;
  return new GroupError(
    'group-time',
    `Nobody let this process into group "${name}" within ${shownMs} ms: is one of its members running, at one of the seeds, ` +
      `and of this version? The first member makes the group (init).${said}`,
  );
}
