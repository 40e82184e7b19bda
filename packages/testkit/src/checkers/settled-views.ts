/** M5: when all is quiet, every observer's folded view of the membership equals the server's. */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { isRemainder, type Pictures, picturesOf } from './history/pictures.ts';
import type { Picture } from './history/stream.ts';
import type { Member } from './model/members.ts';
import type { Moment, Replay } from './replay.ts';

export class SettledViews extends Checker {
  readonly property = 'M5';
  readonly promise = 'All observers end with the same membership, and joiners begin with it.';
  #pictures: Pictures | null = null;

  override after({ step, groups }: Moment, history: History): void {
    this.#pictures ??= picturesOf(history);
    for (const picture of this.#pictures.take(step.seq)) {
      const group = groups.get(picture.head.created);
      if (group !== undefined) this.#compare(picture, group.members.all, `at ${step.seq}`);
    }
  }

  override finish(history: History, end: Replay): void {
    for (const { streams, node } of history.processes.clients) {
      for (const [name, { copy, transfers }] of streams) {
        // Its first picture was of nothing: it knows of those of whom the rest of the log tells.
        const newest = transfers.filter(({ head }) => head.purpose !== 'read').at(-1);
        if (newest !== undefined && isRemainder(newest.head, history)) continue;
        const group = end.named(name);
        if (copy !== null && group !== null) this.#compare(copy, group.members.all, `at ${node}`);
      }
    }
  }

  #compare({ head, members }: Picture, expected: ReadonlyMap<string, Member>, where: string): void {
    const got = new Map(members.map(({ client, name, status }) => [client, `${name} ${status}`]));
    for (const client of new Set([...got.keys(), ...expected.keys()])) {
      const member = expected.get(client);
      const one = got.get(client);
      const other = member === undefined ? undefined : `${member.name} ${member.status}`;
      if (one === other) continue;
      this.violated(`${where} ${client} of ${head.group} is "${one}", by the log "${other}"`, head);
    }
  }
}
