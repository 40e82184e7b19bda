/** A single node on the simulated journal, for the conformance suite. */
import {
  defaultDiskTimes,
  ProcessClock,
  type Random,
  Scheduler,
  SimulatedDisk,
  SimulatedJournal,
} from '@choir/testkit';
import type { Step, Subject } from '../src/conformance/index.ts';
import { LocalOrdering } from '../src/index.ts';

type Life = {
  readonly incarnation: string;
  readonly journal: SimulatedJournal;
  ordering: LocalOrdering | null;
};

/** How the subject is built; planted faults replace parts. */
export type LocalParts = {
  readonly makeOrdering?: typeof makeOrdering;
  readonly makeJournal?: (
    ...made: ConstructorParameters<typeof SimulatedJournal>
  ) => SimulatedJournal;
  /** Chance per `work` of a disk that fails or slows down. */
  readonly faults?: number;
};

function makeOrdering(options: ConstructorParameters<typeof LocalOrdering>[0]): LocalOrdering {
  return new LocalOrdering(options);
}

export class LocalSubject implements Subject {
  readonly nodes = ['solo'];
  readonly scheduler = new Scheduler();
  readonly disk: SimulatedDisk;
  readonly #random: Random;
  readonly #clock = new ProcessClock(this.scheduler);
  readonly #parts: LocalParts;
  #life: Life | null = null;
  #lives = 0;

  constructor(random: Random, parts: LocalParts = {}) {
    this.#random = random.fork('subject');
    const times = { ...defaultDiskTimes, openMs: 2 };
    this.disk = new SimulatedDisk(this.scheduler, random.fork('disk'), times);
    this.#parts = parts;
  }

  life(): { incarnation: string; ordering: LocalOrdering } | null {
    const life = this.#life;
    if (life === null || life.ordering === null) return null;
    return { incarnation: life.incarnation, ordering: life.ordering };
  }

  committed(): number {
    return this.disk.contents.head.seq;
  }

  now(): number {
    return this.scheduler.now;
  }

  perform(step: Step): void {
    if (step.kind === 'work') this.#work();
    else if (step.kind === 'settle') this.#settle();
    else if (step.kind === 'crash') this.#crash();
    else if (step.kind === 'close') this.#close();
    else if (step.kind === 'set clock') this.#clock.jump(step.byMs);
    else this.#restartUnlessWell();
  }

  #work(): void {
    this.#fault();
    this.#pump();
    this.scheduler.run(this.scheduler.now + this.#random.exponential(1));
    this.#pump();
  }

  #fault(): void {
    if (!this.#random.chance(this.#parts.faults ?? 0.02)) return;
    const fault = this.#random.weighted({ full: 1, error: 1, slow: 2, repair: 6 });
    if (fault === 'repair') this.#repair();
    else if (fault === 'slow') this.disk.slow(this.#random.int(2, 50));
    else this.disk.fail(fault === 'full' ? 'DISK_FULL' : 'DISK_ERROR');
  }

  #repair(): void {
    this.disk.repair();
    this.disk.slow(1);
  }

  /** An operator: whoever is down or has closed for good is started, perhaps after a repair. */
  #restartUnlessWell(): void {
    if (this.#random.chance(0.7)) this.#repair();
    if (this.#isClosed()) this.#crash();
    this.#start();
  }

  /** What a host does after every event. */
  #pump(): void {
    const life = this.#life;
    if (life === null || life.ordering === null) return;
    for (const request of life.ordering.takeRequests(this.#clock.wall())) {
      life.journal.request(request);
    }
  }

  #settle(): void {
    this.#repair();
    for (;;) {
      if (this.#isClosed()) this.#crash();
      this.#start();
      this.#pump();
      if (!this.scheduler.step()) break;
    }
  }

  #isClosed(): boolean {
    const status = this.#life?.ordering?.status();
    return status !== undefined && !status.writable && !status.why.includes('opened');
  }

  #crash(): void {
    this.#life?.journal.end(this.#random.chance(0.5) ? 'process' : 'power');
    this.#life = null;
  }

  #close(): void {
    const life = this.#life;
    if (life === null || life.ordering === null) {
      this.#crash();
      return;
    }
    this.#pump();
    this.#life = null;
    let isClosed = false;
    life.journal.close(() => {
      isClosed = true;
    });
    while (!isClosed && this.scheduler.step());
  }

  #start(): void {
    if (this.#life !== null) return;
    this.#lives += 1;
    const incarnation = `solo.${this.#lives}`;
    const make = this.#parts.makeJournal ?? ((...made) => new SimulatedJournal(...made));
    const journal = make(this.disk, {
      opened: (opening) => {
        if (this.#life?.journal !== journal) return;
        if (!opening.ok) this.#life = null;
        else
          this.#life.ordering = (this.#parts.makeOrdering ?? makeOrdering)({
            opened: opening.opened,
            me: incarnation,
          });
      },
      reply: (reply) => {
        if (this.#life?.journal === journal) this.#life.ordering?.handle(reply);
      },
    });
    this.#life = { incarnation, journal, ordering: null };
  }
}
