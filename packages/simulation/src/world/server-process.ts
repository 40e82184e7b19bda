/**
 * The server through all its lives: the machine with its disk, the process that is started, killed, stopped
 * and started again. An operator starts it whenever it is down and its disk can be used.
 */
import type { JournalOpening } from '@choir/journal';
import type { HostSettings } from '@choir/server/host';
import { ProcessClock, type Random, SimulatedDisk, SimulatedJournal } from '@choir/testkit';
import { ServerRecorder } from '../record/server-recorder.ts';
import { digest } from './digest.ts';
import { ServerLife } from './server-life.ts';
import type { Surroundings } from './surroundings.ts';

export const serverHost = 'server';

/** After a refused opening the operator tries again. */
const retryMs = 500;

export class ServerProcess {
  readonly disk: SimulatedDisk;
  readonly clock: ProcessClock;
  readonly #surroundings: Surroundings;
  readonly #settings: Partial<HostSettings>;
  readonly #random: Random;
  readonly #recorder: ServerRecorder;
  #journal: SimulatedJournal | null = null;
  #life: ServerLife | null = null;
  #lives = 0;
  #starting = false;
  #powered = true;
  #paused = false;
  #refuses = false;
  #closed: (() => void) | null = null;
  /** To be done at the next commit: a kill that is sure to meet one. */
  #trap: (() => void) | null = null;

  constructor(
    surroundings: Surroundings,
    options: { readonly settings: Partial<HostSettings>; readonly driftPpm: number },
  ) {
    const { scheduler, random } = surroundings;
    this.#surroundings = surroundings;
    this.#settings = options.settings;
    this.#random = random.fork('server');
    this.#recorder = new ServerRecorder(surroundings.recorder.for(serverHost));
    this.disk = new SimulatedDisk(scheduler, random.fork('disk'));
    this.clock = new ProcessClock(scheduler, { driftPpm: options.driftPpm });
  }

  get running(): boolean {
    return this.#life !== null;
  }

  /** The host owes nothing to anybody: no news waits to be told. */
  get even(): boolean {
    return this.#life?.even ?? true;
  }

  get paused(): boolean {
    return this.#paused;
  }

  start(): void {
    if (this.#life !== null || this.#starting || !this.#powered) return;
    this.#starting = true;
    this.#lives += 1;
    const journal = new SimulatedJournal(this.disk, {
      opened: (opening) => this.#opened(opening),
      reply: (reply) => this.#life?.replied(reply),
    });
    this.#journal = journal;
  }

  /** The process is killed; the operator starts it again after a while. */
  kill(restartMs: number): void {
    this.#end('killed', 'process');
    this.#surroundings.network.killProcess(serverHost);
    this.#surroundings.scheduler.after(restartMs, () => this.start());
  }

  /** The machine loses its power, and has it again after a while. */
  losePower(restartMs: number): void {
    this.#end('power', 'power');
    this.#powered = false;
    this.#surroundings.network.powerOff(serverHost);
    this.#surroundings.scheduler.after(restartMs, () => {
      this.#powered = true;
      this.#surroundings.network.powerOn(serverHost);
      this.start();
    });
  }

  /** Runs it when the next commit is on its way to the disk. */
  atNextCommit(action: () => void): void {
    this.#trap = action;
  }

  /** What waits for the next commit is called off. */
  disarm(): void {
    this.#trap = null;
  }

  /** Ends in order; `closed` is called then. */
  shutdown(closed: () => void): void {
    this.#closed = closed;
    this.#life?.shutdown();
  }

  pause(): void {
    if (this.#paused || this.#life === null) return;
    this.#paused = true;
    this.#recorder.recorder.record('paused', {});
    this.#life.pause();
  }

  goOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#life === null) return;
    this.#recorder.recorder.record('unpaused', {});
    this.#life.goOn();
  }

  /** The process runs and takes no new connection, or takes them again. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses;
  }

  /** What the log holds when all is over. */
  recordKept(): void {
    this.#recorder.kept(this.disk.contents.entries);
  }

  #opened(opening: JournalOpening): void {
    this.#starting = false;
    const { scheduler, network } = this.#surroundings;
    if (!opening.ok) {
      const { code, seq = 0 } = opening.failure;
      this.#recorder.recorder.record('unopened', { life: this.#lives, code, at: seq });
      scheduler.after(retryMs, () => this.start());
      return;
    }
    const journal = this.#journal;
    if (journal === null) return;
    this.#recorder.opened(this.#lives, opening.opened, this.disk.contents.entries);
    const life = new ServerLife(
      {
        opened: opening.opened,
        incarnation: `${serverHost}#${this.#lives}`,
        settings: this.#settings,
        randomBytes: (count) => this.#random.bytes(count),
        sha256: digest,
      },
      {
        surroundings: this.#surroundings,
        recorder: this.#recorder,
        clock: this.clock,
        journal,
        stopped: () => this.#stopped(journal),
        committing: () => this.#committing(),
      },
    );
    this.#life = life;
    network.listen(serverHost, () => (this.#refuses ? null : life));
  }

  /** The host has ended: in order, or because its journal failed. */
  #stopped(journal: SimulatedJournal): void {
    const { network, scheduler } = this.#surroundings;
    this.#life?.end();
    this.#life = null;
    network.killProcess(serverHost);
    journal.close(() => {
      this.#journal = null;
      this.#recorder.recorder.record('stopped', { life: this.#lives, how: 'closed' });
      if (this.#closed !== null) this.#closed();
      else scheduler.after(retryMs, () => this.start());
    });
  }

  #committing(): void {
    const trap = this.#trap;
    this.#trap = null;
    trap?.();
  }

  #end(how: 'killed' | 'power', loss: 'process' | 'power'): void {
    if (this.#life === null && !this.#starting && this.#journal === null) return;
    this.#journal?.end(loss);
    this.#journal = null;
    this.#life?.end();
    this.#life = null;
    this.#starting = false;
    this.#paused = false;
    this.#trap = null;
    this.#recorder.recorder.record('stopped', { life: this.#lives, how });
  }
}
