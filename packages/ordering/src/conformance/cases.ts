/**
 * The conformance suite of orderings: what every implementation of the contract is put through.
 * Each case is a script for the stage; at its end the checker judges the trace by all of O1–O9.
 */
import { type Chance, pickFrom } from '../chance.ts';
import { checkOrdering } from './check.ts';
import type { Violation } from './events.ts';
import { type Script, Stage, type Subject } from './stage.ts';

export type ConformanceCase = {
  readonly name: string;
  /** It takes a hundred times as long as the others: run it under fewer seeds. */
  readonly isLong: boolean;
  /** Performs every step it yields, then tells what was violated. */
  run(subject: Subject, luck: Chance): Generator<StepOf<Script>, readonly Violation[], void>;
};

type StepOf<S> = S extends Generator<infer Step, void, void> ? Step : never;

/** Submissions until `full` must come; no implementation is let off with an endless buffer. */
const floodMax = 100_000;

export const conformance: readonly ConformanceCase[] = [
  scene('O1 nothing is read before it is committed', function* (stage) {
    yield* open(stage);
    for (const node of stage.nodes) {
      stage.submit(node);
      stage.readOn(node, 'host');
    }
    yield { kind: 'work' };
  }),
  scene('O2 every reader reads the same, also after a restart', function* (stage) {
    yield* open(stage);
    yield* traffic(stage, 30);
    for (const node of stage.nodes) {
      yield* stage.readAll(node, 'host');
      yield { kind: 'crash', node };
      yield { kind: 'start', node };
      yield* traffic(stage, 5);
    }
  }),
  scene('O3 time does not go back when clocks do', function* (stage) {
    yield* open(stage);
    for (const node of stage.nodes) {
      yield* traffic(stage, 5);
      yield { kind: 'set clock', node, byMs: -stage.luck.int(1, 10_000_000) };
      yield* traffic(stage, 5);
      yield { kind: 'crash', node };
      yield { kind: 'start', node };
      yield { kind: 'set clock', node, byMs: -stage.luck.int(1, 10_000_000) };
    }
  }),
  scene('O4 the submissions of a life are ordered as numbered, each once', function* (stage) {
    yield* open(stage);
    for (let round = 0; round < 10; round += 1) {
      for (const node of stage.nodes) {
        for (let more = stage.luck.int(0, 20); more > 0; more -= 1) stage.submit(node);
      }
      yield { kind: 'work' };
    }
  }),
  scene(
    'O5 what is in doubt when a life ends appears once or never, before gone',
    function* (stage) {
      yield* open(stage);
      for (let round = 0; round < 5; round += 1) {
        const node = stage.anyNode();
        for (let more = stage.luck.int(1, 10); more > 0; more -= 1) stage.submit(node);
        if (stage.luck.chance(0.5)) yield { kind: 'work' };
        yield { kind: stage.luck.chance(0.7) ? 'crash' : 'close', node };
        yield { kind: 'start', node };
        yield* traffic(stage, 3);
      }
    },
  ),
  scene('O6 lives that begin and end take positions', function* (stage) {
    yield* open(stage);
    for (const node of stage.nodes) {
      for (let lives = 0; lives < 3; lives += 1) {
        yield { kind: lives === 1 ? 'close' : 'crash', node };
        yield { kind: 'start', node };
        if (lives > 0) yield* traffic(stage, 2);
      }
    }
  }),
  scene('O7 the floor waits for the snapshots of a quorum', function* (stage) {
    yield* open(stage);
    for (let round = 0; round < 10; round += 1) {
      yield* traffic(stage, 5);
      const node = stage.anyNode();
      yield* stage.readAll(node, 'host');
      stage.keep(node, 'host');
    }
  }),
  scene('O8 full is back-pressure, never loss', function* (stage) {
    yield* open(stage);
    for (const node of stage.nodes) flood(stage, node);
    yield { kind: 'settle' };
    for (const node of stage.nodes) {
      const result = stage.submit(node);
      if (result !== 'queued') stage.found('O8', `${node} says ${result} after all has settled`);
    }
  }),
  scene('O9 who was away reads on, or is told of a gap', function* (stage) {
    yield* open(stage);
    for (let round = 0; round < 6; round += 1) {
      const away = stage.anyNode();
      for (const node of stage.nodes) stage.read(node, 'host');
      yield { kind: 'crash', node: away };
      yield* traffic(stage, 10);
      for (const node of stage.nodes) {
        stage.read(node, 'host');
        stage.keep(node, 'host');
      }
      yield { kind: 'start', node: away };
      yield* traffic(stage, 3);
      stage.read(away, 'host');
    }
  }),
  scene('O1–O9 whatever happens', function* (stage) {
    yield* open(stage);
    for (let turn = 0; turn < 300; turn += 1) yield* anything(stage);
  }),
];

/** A case: the script, then everything settles, then the judgement. */
function scene(name: string, script: (stage: Stage) => Script): ConformanceCase {
  return {
    name,
    isLong: name.startsWith('O8'),
    *run(subject, luck) {
      const stage = new Stage(subject, luck);
      yield* script(stage);
      yield* stage.finish();
      return [...stage.violations, ...checkOrdering(stage.trace, subject.nodes.length)];
    },
  };
}

function* open(stage: Stage): Script {
  for (const node of stage.nodes) yield { kind: 'start', node };
  yield { kind: 'settle' };
}

/** Submissions and readers everywhere. */
function* traffic(stage: Stage, turns: number): Script {
  for (let turn = 0; turn < turns; turn += 1) {
    const node = stage.anyNode();
    for (let more = stage.luck.int(0, 4); more > 0; more -= 1) stage.submit(node);
    if (stage.luck.chance(0.5)) stage.read(stage.anyNode(), anyReader(stage));
    if (stage.luck.chance(0.7)) yield { kind: 'work' };
  }
}

function* anything(stage: Stage): Script {
  const node = stage.anyNode();
  const drawn = stage.luck.int(1, 100);
  if (drawn <= 70) yield* traffic(stage, 1);
  else if (drawn <= 76) yield { kind: 'crash', node };
  else if (drawn <= 78) yield { kind: 'close', node };
  else if (drawn <= 88) yield { kind: 'start', node };
  else if (drawn <= 90) yield { kind: 'set clock', node, byMs: stage.luck.int(-100_000, 100_000) };
  else if (drawn <= 95) stage.keep(node, anyReader(stage));
  else if (drawn <= 97) stage.place(node, anyReader(stage));
  else yield* stage.readAll(node, 'host');
}

function anyReader(stage: Stage): string {
  return pickFrom(stage.luck, ['host', 'slow', 'late']) ?? 'host';
}

function flood(stage: Stage, node: string): void {
  for (let count = 0; count < floodMax; count += 1) {
    if (stage.submit(node) !== 'queued') return;
  }
  stage.found('O8', `${node} took ${floodMax} submissions and never said full`);
}
