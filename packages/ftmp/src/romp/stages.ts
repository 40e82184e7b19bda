/**
 * How the pieces of each source stand at a place of the order (E2), which all members reckon alike: between messages, within one,
 * or void.
 *
 * M2 The stages follow from the order alone. So a processor that takes them from another at some place, and the order from there on, has
 *    what the other has.
 */
import type { ProcessorId } from '../ids.ts';
import type { Part, Stage } from '../wire/index.ts';

export class Stages {
  /** Of the sources that are not between messages. */
  readonly #stages: Map<ProcessorId, Stage>;

  constructor(stages: ReadonlyMap<ProcessorId, Stage> = new Map()) {
    this.#stages = new Map(stages);
  }

  of(source: ProcessorId): Stage {
    return this.#stages.get(source) ?? 'between';
  }

  /** Takes the next part of a source; where that leaves it. */
  take(source: ProcessorId, part: Part): Stage {
    const before = this.of(source);
    const stage = stageAfter(part.restart ? 'between' : before, part);
    if (stage !== before) this.put(source, stage);
    return stage;
  }

  put(source: ProcessorId, stage: Stage): void {
    if (stage === 'between') this.#stages.delete(source);
    else this.#stages.set(source, stage);
  }

  /** A processor is added here, who has not seen the pieces before: what is incomplete is void. */
  added(): void {
    for (const source of this.#stages.keys()) this.#stages.set(source, 'void');
  }

  copy(): Stages {
    return new Stages(this.#stages);
  }
}

function stageAfter(stage: Stage, { first, last }: Part): Stage {
  if (stage === 'void') return 'void';
  // A piece that continues nothing is its sender's mischief.
  if (!first && stage === 'between') return 'void';
  return last ? 'between' : 'within';
}
