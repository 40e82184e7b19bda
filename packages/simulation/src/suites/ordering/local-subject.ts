/** One node on a simulated journal whose disk fails now and then, put through the conformance cases. */
import { LocalOrdering } from '@choir/ordering';
import {
  ProcessClock,
  type Random,
  Scheduler,
  SimulatedDisk,
  SimulatedJournal,
} from '@choir/testkit';
import type { OrderingSubject, Step } from './subject.ts';

type Life = {
  readonly incarnation: string;
  readonly journal: SimulatedJournal;
  ordering: LocalOrdering | null;
};

const faultShare = 0.02;

export class LocalSubject implements OrderingSubject {
  readonly nodes = ['solo'];
  readonly #scheduler = new Scheduler();
  readonly #clock = new ProcessClock(this.#scheduler);
  readonly #disk: SimulatedDisk;
  readonly #random: Random;
  #life: Life | null = null;
  #lives = 0;

  constructor(random: Random) {
    this.#random = random.fork('subject');
    this.#disk = new SimulatedDisk(this.#scheduler, random.fork('disk'));
  }

  life(): ReturnType<OrderingSubject['life']> {
    const { incarnation = '', ordering = null } = this.#life ?? {};
    return ordering === null ? null : { incarnation, ordering };
  }

  committed(): number {
    return this.#disk.contents.head.seq;
  }

  now(): number {
    return this.#scheduler.now;
  }

  perform(step: Step): void {
    switch (step.kind) {
      case 'work':
        this.#work();
        return;
      case 'settle':
        this.#settle();
        return;
      case 'set clock':
        this.#clock.jump(step.byMs);
        return;
      case 'start':
        if (this.#random.chance(0.7)) this.#repair();
        this.#startUnlessUp();
        return;
      default:
        this.#end();
    }
  }

  #work(): void {
    if (this.#random.chance(faultShare)) {
      const fault = this.#random.weighted({ DISK_FULL: 1, DISK_ERROR: 1, slow: 2, repair: 6 });
      if (fault === 'repair') this.#repair();
      else if (fault === 'slow') this.#disk.slow(this.#random.int(2, 50));
      else this.#disk.fail(fault);
    }
    this.#pump();
    this.#scheduler.run(this.#scheduler.now + this.#random.exponential(1));
    this.#pump();
  }

  /** An operator repairs the disk and starts whatever is down, until nothing moves. */
  #settle(): void {
    this.#repair();
    do {
      this.#startUnlessUp();
      this.#pump();
    } while (this.#scheduler.step());
  }

  #repair(): void {
    this.#disk.repair();
    this.#disk.slow(1);
  }

  /** What a host does after every event. */
  #pump(): void {
    const { ordering = null, journal } = this.#life ?? {};
    for (const request of ordering?.takeRequests(this.#clock.wall()) ?? [])
      journal?.request(request);
  }

  #startUnlessUp(): void {
    const status = this.#life?.ordering?.status();
    if (status !== undefined && !status.writable && !status.why.includes('opened')) this.#end();
    if (this.#life !== null) return;
    this.#lives += 1;
    const me = `solo.${this.#lives}`;
    const journal = new SimulatedJournal(this.#disk, {
      opened: (opening) => {
        if (this.#life?.journal !== journal) return;
        if (opening.ok) this.#life.ordering = new LocalOrdering({ opened: opening.opened, me });
        else this.#life = null;
      },
      reply: (reply) => {
        if (this.#life?.journal === journal) this.#life.ordering?.handle(reply);
      },
    });
    this.#life = { incarnation: me, journal, ordering: null };
  }

  /** In order or not: what an ordering may lose is the same. */
  #end(): void {
    this.#life?.journal.end(this.#random.chance(0.5) ? 'process' : 'power');
    this.#life = null;
  }
}
