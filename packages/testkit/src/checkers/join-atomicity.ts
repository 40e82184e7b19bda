/**
 * C8: at the seam between a transfer and the stream nothing is in both and nothing in neither; and the
 * groups of one join are entered at one position, all or none.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Moment } from './replay.ts';
import { walk } from './walk.ts';

export class JoinAtomicity extends Checker {
  readonly property = 'C8';
  readonly promise =
    'A join is one position: what is in the state is not in the stream, all else is.';

  override before({ step, entry, sessions, named }: Moment): void {
    if (entry?.command !== 'join' || sessions.current(entry.client) !== entry.session) return;
    const entered = new Set(
      step.units
        .filter(({ events }) =>
          events.some(
            (event) =>
              (event.event === 'new_member' || event.event === 'rejoined_member') &&
              event.client === entry.client,
          ),
        )
        .map(({ group }) => group),
    );
    const missing = entry.groups.filter(
      (name) => !entered.has(name) && named(name)?.members.get(entry.client)?.status !== 'member',
    );
    if (missing.length === 0) return;
    // A join of groups that are not related is refused whole.
    if (entered.size === 0 && missing.length === new Set(entry.groups).size) return;
    this.violated(`${entry.client} entered ${[...entered]} but not ${missing}`, entry);
  }

  override finish(history: History): void {
    for (const process of history.processes.clients) {
      for (const stream of process.streams.values()) {
        walk(process, stream, history, {
          arrival: ({ seq, from, first, fromTransfer, skipped }) => {
            if (!fromTransfer) return;
            if (seq <= from)
              this.violated(`${seq} was in the state at ${from} and came again`, first);
            const [missed] = skipped;
            if (missed === undefined) return;
            this.violated(`${missed.seq} is not in the state at ${from}, and did not come`, first);
          },
        });
        this.#judgeJoins(process.identity.client, stream.items, history);
      }
    }
  }

  /** A resume block begins at the position of a join of this client. */
  #judgeJoins(client: string, items: Parameters<typeof walk>[1]['items'], { log }: History): void {
    for (const item of items) {
      if (item.kind !== 'resume_begin' || item.block.purpose !== 'join') continue;
      const { block } = item;
      const entry = log.step(block.seq)?.entry ?? null;
      const isJoin = entry?.command === 'join' && entry.client === client;
      if (isJoin && entry.groups.includes(block.group)) continue;
      this.violated(`${block.seq} is not where ${client} joined ${block.group}`, block);
    }
  }
}
