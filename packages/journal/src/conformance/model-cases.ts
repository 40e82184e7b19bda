/** Random commits, readings, closes and crashes, against the plainest possible model. */
import type {
  JournalCommit,
  JournalEntry,
  JournalReply,
  JournalRow,
  JournalSnapshot,
} from '../contract.ts';
import { claim, claimSame } from './claims.ts';
import { allEntries, allRows, commit, openSession, type Session } from './session.ts';
import type { ConformanceCase, JournalStand } from './stand.ts';

const SEEDS = [1, 2, 3, 4, 5];
const LIVES = 6;
const STEPS_PER_LIFE = 25;
const SPACES = 4;

export const modelCases: readonly ConformanceCase[] = SEEDS.map((seed) => ({
  name: `any course of commits, closes and crashes leaves what was committed (seed ${seed})`,
  run: (stand) => runCourse(stand, seed),
}));

/** The journal's content as plain lists. */
class Model {
  log: JournalEntry[] = [];
  rows: JournalRow[] = [];
  snapshot: JournalSnapshot | null = null;
  applied = 0;

  apply(done: JournalCommit): void {
    this.log.push(...done.entries);
    this.rows.push(...done.rows);
    this.rows = this.rows.filter(({ space }) => !done.forget?.includes(space));
    this.applied = done.applied;
    this.snapshot = done.snapshot ?? this.snapshot;
  }

  get head(): { seq: number; epoch: number } {
    const last = this.log.at(-1);
    return { seq: last?.seq ?? 0, epoch: last?.epoch ?? 0 };
  }
}

async function runCourse(stand: JournalStand, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const model = new Model();
  let clean = false;
  for (let life = 0; life < LIVES; life += 1) {
    const session = await openSession(stand);
    const { head, applied, snapshot } = model;
    claimSame(
      session.opened,
      { head, applied, snapshot, clean, copied: false },
      `seed ${seed}: life ${life}`,
    );
    await liveOnce(session, model, random);
    await claimModel(session, model);
    clean = random(2) === 0;
    if (clean) await session.journal.close();
    else await stand.crash();
  }
}

async function liveOnce(session: Session, model: Model, random: Draw): Promise<void> {
  const replies: Promise<JournalReply>[] = [];
  for (let step = 0; step < STEPS_PER_LIFE; step += 1) {
    const next = drawCommit(model, random);
    model.apply(next);
    replies.push(session.ask(next));
    if (random(4) === 0) await replies.at(-1);
  }
  for (const reply of await Promise.all(replies)) {
    claim(reply.kind === 'committed', `a commit was answered ${reply.kind}`);
  }
}

async function claimModel(session: Session, model: Model): Promise<void> {
  claimSame(await allEntries(session, 500), model.log, 'the log');
  for (let space = 0; space < SPACES; space += 1) {
    const rows = model.rows.filter((row) => row.space === space);
    claimSame(await allRows(session, space, 300), rows, `the rows of space ${space}`);
  }
}

function drawCommit(model: Model, random: Draw): JournalCommit {
  const epoch = model.head.epoch + random(2);
  const entries = Array.from({ length: random(4) }, (_, index) => ({
    seq: model.head.seq + 1 + index,
    epoch,
    bytes: drawBytes(random),
  }));
  const head = model.head.seq + entries.length;
  const applied = model.applied + random(head - model.applied + 1);
  const rows: JournalRow[] = [];
  for (let seq = model.applied + 1; seq <= applied; seq += 1) {
    if (random(3) > 0) rows.push({ space: random(SPACES), seq, bytes: drawBytes(random) });
  }
  const forget = random(15) === 0 ? [random(SPACES)] : [];
  const drawn = commit({ entries, rows, applied, forget });
  if (random(8) > 0) return drawn;
  return { ...drawn, snapshot: { seq: applied, bytes: drawBytes(random) } };
}

type Draw = (below: number) => number;

/** Mostly small, sometimes none, sometimes beyond any page. */
function drawBytes(random: Draw): Uint8Array {
  const size = random(20) === 0 ? random(20_000) : random(120);
  return new Uint8Array(size).map(() => random(256));
}

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
function randomFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}
