/** Where a run keeps its data and its log, so that a run that was ended can go on: one JSON text a line. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzPlan, Stage } from './fuzz-run.ts';

type Essence = Pick<FuzzPlan, 'frames' | 'attackers' | 'seed' | 'stages'>;

export class RunFolder {
  readonly data: string;
  /** What earlier processes of this run have done. */
  readonly stages: readonly Stage[];
  readonly #log: string;

  constructor(folder: string, { frames, attackers, seed, stages }: Essence) {
    mkdirSync(folder, { recursive: true });
    this.data = join(folder, 'data');
    this.#log = join(folder, 'log.jsonl');
    const plan = JSON.stringify({ frames, attackers, seed, stages });
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n') : [];
    if (lines.length === 0) this.#write(plan);
    else if (lines[0] !== plan) throw new Error(`${folder} is of another run: ${lines[0]}`);
    this.stages = lines.slice(1, -1).map((line) => JSON.parse(line) as Stage);
  }

  add(stage: Stage): void {
    this.#write(JSON.stringify(stage));
  }

  #write(line: string): void {
    appendFileSync(this.#log, `${line}\n`);
  }
}
