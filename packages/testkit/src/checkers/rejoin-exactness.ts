/**
 * C10 (and C9 for stateless groups): who rejoins gets exactly what the group received after the last thing
 * that it had, in order; cut short, it gets the rest the next time. A gap is told only where the group
 * is another one than the client knew, or its log was cut above what the client had; there it is told.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { isOfState } from './history/pictures.ts';
import type { ClientProcess } from './history/processes.ts';
import type { Item, Stream } from './history/stream.ts';
import { isVisible } from './visible.ts';

export class RejoinExactness extends Checker {
  readonly property: string = 'C10';
  readonly promise: string = 'A rejoin brings what was missed, all of it and nothing else.';

  override finish(history: History): void {
    for (const process of history.processes.clients) {
      for (const stream of process.streams.values()) {
        this.#judgeBlocks(process, stream, history);
        this.#judgeGaps(stream, history);
      }
    }
  }

  /** Whether this checker judges the group. */
  protected concerns(created: number, history: History): boolean {
    return !isStateless(created, history);
  }

  #judgeBlocks(process: ClientProcess, { items }: Stream, history: History): void {
    for (const [index, item] of items.entries()) {
      if (item.kind !== 'resume_begin') continue;
      const { block } = item;
      if (!this.concerns(block.created, history)) continue;
      const { received, end } = blockFrom(items, index + 1);
      const upTo = end ?? Number.POSITIVE_INFINITY;
      const floor = history.log.floor(block.created, block.seq - 1);
      if (block.after < floor) {
        this.violated(`${block.group} was resumed across the cut at ${floor}`, block);
      }
      const missed = history.log
        .units(block.created)
        .filter(({ seq }) => seq > block.after && seq <= upTo)
        .filter((unit) => isVisible(unit, process.identity.client, block.scope))
        .map(({ seq }) => seq);
      const expected = end === null ? missed.slice(0, received.length) : missed;
      if (String(received) === String(expected)) continue;
      const text = `after ${block.after} ${block.group} received ${expected}, the client got ${received}`;
      this.violated(text, block);
    }
  }

  #judgeGaps({ items }: Stream, history: History): void {
    let known = 0;
    let last = 0;
    for (const item of items) {
      if (item.kind === 'left') known = 0;
      const had = last;
      last = positionAfter(item) ?? last;
      // A watcher has no copy that it could go on with when it joins.
      if (item.kind !== 'transfer' || item.begin.purpose !== 'join') continue;
      const { begin } = item;
      const knew = known;
      known = begin.created;
      if (!this.concerns(begin.created, history)) continue;
      if (knew === begin.created && history.log.floor(begin.created, begin.seq) <= had) {
        this.violated(`${begin.group} was transferred to a client that could resume`, begin);
      }
      if (begin.gap !== (knew !== 0)) {
        const copy = knew === 0 ? 'no' : 'a';
        this.violated(`gap=${begin.gap}, and the client had ${copy} copy`, begin);
      }
    }
  }
}

/** C9: groups without state: nothing is ever transferred, and rejoining works all the same. */
export class StatelessGroups extends RejoinExactness {
  override readonly property = 'C9';
  override readonly promise =
    'A stateless group has no state, and its members rejoin like all others.';

  override finish(history: History): void {
    super.finish(history);
    for (const { streams, identity } of history.processes.all) {
      for (const { transfers } of streams.values()) {
        for (const picture of transfers) {
          const { head, updates } = picture;
          if (!isOfState(picture, identity.client, history)) continue;
          const stateless = isStateless(head.created, history);
          if (head.stateful === stateless) {
            this.violated(`${head.group} is ${stateless ? 'stateless' : 'stateful'}`, head);
          }
          const [update] = updates;
          if (stateless && update !== undefined)
            this.violated('a stateless group has content', update);
        }
      }
    }
  }

  protected override concerns(created: number, history: History): boolean {
    return isStateless(created, history);
  }
}

function isStateless(created: number, { log }: History): boolean {
  const [first] = log.units(created);
  const entry = first === undefined ? null : log.step(first.seq)?.entry;
  return entry?.command === 'submit' && entry.body === 'create' && !entry.stateful;
}

/** Where a client is behind this; null where it was. */
function positionAfter(item: Item): number | null {
  if (item.kind === 'delivery') return item.seq;
  if (item.kind === 'transfer') return item.begin.seq;
  return item.kind === 'resume_end' ? item.block.seq : null;
}

/** The positions received in a block, and where it ended; null when it was cut short. */
function blockFrom(
  items: readonly Item[],
  start: number,
): { readonly received: readonly number[]; readonly end: number | null } {
  const received: number[] = [];
  for (const item of items.slice(start)) {
    if (item.kind === 'delivery') received.push(item.seq);
    else return { received, end: item.kind === 'resume_end' ? item.block.seq : null };
  }
  return { received, end: null };
}
