/**
 * The shared objects of a group, each as the positions whose updates, folded in order, are its
 * content (G7). Compaction happens here: what an update makes superfluous is dropped from the list.
 * Rules: paper §3.3 (NEW purges the object's earlier updates, group_state all of them).
 */
import type { ObjectId, UpdateKind } from '@choir/protocol';

/** Where to find content: the row at `seq`, of which only updates of these objects are live. */
export type ContentRef = { readonly seq: number; readonly objects: readonly ObjectId[] };

export class Objects {
  readonly #positions = new Map<ObjectId, number[]>();
  #updates = 0;

  get count(): number {
    return this.#positions.size;
  }

  /** Updates that the content consists of. */
  get updates(): number {
    return this.#updates;
  }

  has(object: ObjectId): boolean {
    return this.#positions.has(object);
  }

  update(object: ObjectId, kind: UpdateKind, seq: number): void {
    const positions = this.#positions.get(object);
    if (kind === 'NEW' || positions === undefined) {
      this.restore(object, [seq]);
    } else if (positions.at(-1) !== seq) {
      positions.push(seq);
      this.#updates += 1;
    }
  }

  /** A checkpoint: the group's state is now these objects, all of them at `seq`. */
  replaceAll(objects: readonly ObjectId[], seq: number): void {
    this.#positions.clear();
    this.#updates = 0;
    for (const object of objects) this.restore(object, [seq]);
  }

  /** The live content, ascending by position; of the objects named, or of all. */
  content(named: readonly ObjectId[] | null): readonly ContentRef[] {
    const bySeq = new Map<number, ObjectId[]>();
    for (const object of named ?? this.#positions.keys()) {
      for (const seq of this.#positions.get(object) ?? []) {
        const objects = bySeq.get(seq);
        if (objects === undefined) bySeq.set(seq, [object]);
        else objects.push(object);
      }
    }
    return [...bySeq]
      .map(([seq, objects]) => ({ seq, objects }))
      .sort((one, other) => one.seq - other.seq);
  }

  entries(): Iterable<readonly [ObjectId, readonly number[]]> {
    return this.#positions;
  }

  restore(object: ObjectId, positions: readonly number[]): void {
    this.#updates += positions.length - (this.#positions.get(object)?.length ?? 0);
    this.#positions.set(object, [...positions]);
  }
}
