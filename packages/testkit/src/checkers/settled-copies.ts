/**
 * C13: when all is quiet, every client's copy of a group equals the fold of the whole log: objects, lock
 * sets and properties. (Members are M5.)
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import type { ClientProcess } from './history/processes.ts';
import type { Picture } from './history/stream.ts';
import type { Group } from './model/group.ts';
import type { Replay } from './replay.ts';

export class SettledCopies extends Checker {
  readonly property = 'C13';
  readonly promise = 'When all is quiet every copy equals the state that the log adds up to.';

  override finish({ processes }: History, end: Replay): void {
    for (const process of processes.clients) {
      for (const [name, { copy }] of process.streams) {
        if (copy === null) continue;
        const group = end.named(name);
        if (group === null) {
          // Who watches a name has a view of nothing until somebody creates the group.
          const isEmpty = copy.members.length + copy.contents.length + copy.held.length === 0;
          if (!isEmpty)
            this.violated(`${process.node} has a copy of ${name}, which does not exist`);
        } else {
          this.#compare(process, copy, group);
        }
      }
    }
  }

  #compare({ node }: ClientProcess, copy: Picture, group: Group): void {
    if (copy.head.kind === 'copy' && copy.head.scope === 'everything') {
      const contents = copy.contents.map(({ object, data }) => [object, data] as const);
      this.#same(`${node}: objects of ${group.name}`, new Map(contents), group.objects.contents());
    }
    if (copy.head.kind === 'copy' && copy.head.scope === 'members') return;
    const sets = copy.held.map((set) => [String(set.lockSet), lockText(set)] as const);
    const held = group.locks.sets.map((set) => [String(set.lockSet), lockText(set)] as const);
    this.#same(`${node}: lock sets of ${group.name}`, new Map(sets), new Map(held));
    const properties = copy.properties.map(({ name, value }) => [name, value] as const);
    this.#same(`${node}: properties of ${group.name}`, new Map(properties), group.properties);
  }

  #same(
    what: string,
    got: ReadonlyMap<string, string>,
    expected: ReadonlyMap<string, string>,
  ): void {
    for (const key of new Set([...got.keys(), ...expected.keys()])) {
      const [one, other] = [got.get(key), expected.get(key)];
      if (one !== other) this.violated(`${what}: ${key} is "${one}", by the log "${other}"`);
    }
  }
}

export function lockText({
  holder,
  objects,
  graceMs,
}: {
  readonly holder: string;
  readonly objects: readonly string[];
  readonly graceMs: number;
}): string {
  return `${holder} ${objects.toSorted()} ${graceMs}`;
}
