/**
 * One author, in a process of its own. Sends a transaction only after it has received, through the
 * group, everything that the transaction comes after; its own ones it need not wait for.
 */
import { connect, type Group } from '@choir/client';
import { Link } from '../faults/link.ts';
import { LinkCutter } from '../faults/link-cutter.ts';
import { readInput } from '../input.ts';
import { Pace } from '../pace.ts';
import type { AuthorMessage, AuthorReport, AuthorTask } from './author-report.ts';
import { documentId } from './document.ts';
import { Reception } from './reception.ts';
import { Replica } from './replica.ts';
import { readTrace, type Trace } from './trace.ts';
import { encodeFrame } from './update-frame.ts';

/** Transactions that may be on their way. */
const inFlightMax = 200;
const progressEveryMs = 250;
/** Between two cuts of one author's link, on average. */
const cutEveryMs = 8_000;

class Author {
  readonly #trace: Trace;
  readonly #task: AuthorTask;
  readonly #replica: Replica;
  readonly #reception: Reception;
  #wake: () => void = () => {};
  #inFlight = 0;
  #failure: unknown = null;
  sent = 0;
  rejoins = 0;
  missed = 0;
  duplicates = 0;

  constructor(task: AuthorTask) {
    this.#task = task;
    this.#trace = readTrace(readInput(task.file));
    this.#replica = new Replica(task.author, this.#trace);
    this.#reception = new Reception(this.#trace);
  }

  get received(): number {
    return this.#reception.updates;
  }

  readonly listen = (group: Group): void => {
    group.on('message', (message) => {
      if (message.kind !== 'obj_state' || message.object !== documentId) return;
      const taken = this.#reception.take(message.globalId, message.data);
      if (taken !== null) this.#replica.receive(taken.transaction.author, taken.update);
      this.#wake();
    });
    group.on('rejoined', ({ delivered, duplicates, gap, conflicts, discarded }) => {
      this.rejoins += 1;
      this.missed += delivered;
      this.duplicates += duplicates;
      if (gap || conflicts.length + discarded.length > 0) {
        this.#fail(new Error('a rejoin lost something that was kept'));
      }
    });
  };

  /** Sends the author's transactions, each when it may be made and when its turn has come. */
  async write(group: Group): Promise<void> {
    const pace = new Pace(this.#task.speed);
    const object = group.object(documentId);
    for (const transaction of this.#trace.transactions) {
      if (this.#task.speed !== undefined) await pace.turn(transaction.index);
      if (transaction.author !== this.#task.author) continue;
      await this.#until(() => this.#replica.canMake(transaction) && this.#inFlight < inFlightMax);
      const update = this.#replica.make(transaction);
      this.#inFlight += 1;
      this.sent += 1;
      object.update(encodeFrame({ index: transaction.index, update })).then(
        () => {
          this.#inFlight -= 1;
          this.#wake();
        },
        (error: unknown) => this.#fail(error),
      );
    }
  }

  /** Resolves when everything of all authors was received. */
  async complete(): Promise<void> {
    await this.#until(() => this.#reception.complete && this.#inFlight === 0);
  }

  report(cuts: number): AuthorReport {
    const { rejoins, missed, duplicates } = this;
    const reception = this.#reception.report();
    const replicaAgrees = this.#replica.finish() === reception.text;
    const { author } = this.#task;
    return { author, ...reception, replicaAgrees, rejoins, missed, duplicates, cuts };
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }
}

async function main(task: AuthorTask): Promise<void> {
  const author = new Author(task);
  const link = await Link.to(task.server);
  const client = connect(link.url, { agent: 'replay' });
  const name = `author ${task.author}`;
  const group = await client.join(task.group, { name, begin: author.listen });
  await new Promise((resolve) => {
    process.once('message', resolve);
    tell({ kind: 'ready' });
  });
  const cutter = task.dropClients ? new LinkCutter(cutEveryMs) : undefined;
  cutter?.add(link);
  const tellProgress = () => {
    const { sent, received } = author;
    tell({ kind: 'progress', sent, received, cuts: cutter?.cuts ?? 0 });
  };
  const timer = setInterval(tellProgress, progressEveryMs);
  await author.write(group);
  await author.complete();
  clearInterval(timer);
  cutter?.stop();
  tellProgress();
  tell({ kind: 'done', report: author.report(cutter?.cuts ?? 0) });
  await client.close();
  link.close();
  process.disconnect?.();
}

function tell(message: AuthorMessage): void {
  process.send?.(message);
}

// Whoever started this is gone, and nobody will read the report.
process.on('disconnect', () => process.exit());
await main(JSON.parse(process.argv[2] ?? ''));
