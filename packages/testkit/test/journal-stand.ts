/**
 * The simulated journal for the contract's suite. The suite runs in real time: each event of the
 * virtual one has a turn of the event loop, so that a crash can fall between any two.
 */
import type { Journal, JournalOpenResult, JournalReply } from '@choir/journal';
import type { FailingDiskStand } from '@choir/journal/conformance';
import { type Loss, Random, Scheduler, SimulatedDisk, SimulatedJournal } from '../src/index.ts';

export function simulatedStand(seed: string, loss: Loss): FailingDiskStand {
  const time = new Turns();
  const disk = new SimulatedDisk(time.scheduler, new Random(seed));
  let journal: SimulatedJournal | undefined;
  return {
    open: () =>
      new Promise((resolve) => {
        journal = open(disk, time, resolve);
        time.pass();
      }),
    async crash() {
      journal?.end(loss);
    },
    async failDisk() {
      disk.fail('DISK_FULL');
    },
    async repairDisk() {
      disk.repair();
    },
  };
}

class Turns {
  readonly scheduler = new Scheduler();
  #passing = false;

  /** Lets time pass until nothing is due any more. */
  pass(): void {
    if (this.#passing) return;
    this.#passing = true;
    setImmediate(() => {
      this.#passing = false;
      if (this.scheduler.step()) this.pass();
    });
  }
}

function open(
  disk: SimulatedDisk,
  time: Turns,
  resolve: (result: JournalOpenResult) => void,
): SimulatedJournal {
  const waiting: ((reply: JournalReply) => void)[] = [];
  const simulated: SimulatedJournal = new SimulatedJournal(disk, {
    opened: (opening) =>
      resolve(opening.ok ? { ...opening, journal: handleOf(simulated, time, waiting) } : opening),
    reply: (reply) => waiting.shift()?.(reply),
  });
  return simulated;
}

function handleOf(
  simulated: SimulatedJournal,
  time: Turns,
  waiting: ((reply: JournalReply) => void)[],
): Journal {
  let closed: Promise<void> | undefined;
  return {
    request(request, reply) {
      simulated.request(request);
      waiting.push(reply);
      time.pass();
    },
    // A request is handed over as it comes.
    flush() {},
    sizes: async () => null,
    backup: async () => ({ code: 'DISK_ERROR', message: 'There is no second disk here.' }),
    close() {
      closed ??= new Promise((resolve) => {
        simulated.close(resolve);
        time.pass();
      });
      return closed;
    },
  };
}
