/**
 * S22. Who acknowledges a timestamp holds every message up to it, of every member of its view that it
 * did not convict, and none will be made there any more. A newcomer needs nothing from before its first view, and nobody needs
 * what a newcomer made before: it may have followed others, who were gone.
 */
import { ViewsChecker } from './checker.ts';
import type { Group } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';
import type { RecordKind, RecordOf, ViewsRecord } from './vocabulary.ts';

/** What one process acknowledged to one source. */
type Account = { ack: number; checked: number };

export class AckHonesty extends ViewsChecker {
  readonly property = 'S22';
  readonly promise = 'Who acknowledges a timestamp holds all messages up to it.';
  override readonly sees: readonly RecordKind[] = ['acked', 'stored'];
  readonly #accounts = new Map<Stay, Map<string, Account>>();

  override see(record: ViewsRecord, history: History): void {
    if (record.kind === 'acked') this.#acked(record, history.group(record.group));
    else if (record.kind === 'stored' && record.node === record.source) {
      this.#made(record, history.group(record.group));
    }
  }

  #acked(record: RecordOf<'acked'>, group: Group): void {
    const stay = group.stayOf(record.node);
    if (stay === null || stay.end !== null) return;
    let accounts = this.#accounts.get(stay);
    if (accounts === undefined) {
      accounts = new Map();
      this.#accounts.set(stay, accounts);
    }
    for (const source of stay.last.view.members) {
      if (stay.convicted.has(source)) continue;
      const account = accounts.get(source) ?? { ack: 0, checked: 0 };
      accounts.set(source, account);
      account.ack = record.ack;
      this.#check(record, stay, source, account, group);
    }
  }

  #check(
    record: RecordOf<'acked'>,
    stay: Stay,
    source: string,
    account: Account,
    group: Group,
  ): void {
    const made = group.holdings.madeBy(source);
    const since = stay.first.view.timestamp;
    for (; account.checked < made.length; account.checked += 1) {
      const holding = made[account.checked];
      if (holding === undefined || holding.timestamp > record.ack) return;
      if (holding.timestamp <= since || holding.holders.has(stay.node)) continue;
      const entry = group.entryOf(source, stay.last.view)?.timestamp ?? 0;
      if (holding.timestamp <= entry) continue;
      const text = `${stay.node} acknowledges ${record.ack} and lacks ${holding.seq} of ${source}`;
      this.violated(`${text} (${holding.timestamp})`, record);
    }
  }

  /** A source that makes a message at a time that somebody acknowledged to it already. */
  #made(record: RecordOf<'stored'>, group: Group): void {
    const view = group.stayOf(record.node)?.last.view;
    for (const member of view?.members ?? []) {
      const stay = group.stayOf(member);
      if (stay === null || stay.end !== null || !stay.last.view.members.has(record.node)) continue;
      const ack = this.#accounts.get(stay)?.get(record.node)?.ack ?? 0;
      if (ack < record.timestamp || stay.convicted.has(record.node)) continue;
      const text = `${member} acknowledged ${ack} before ${record.node} made ${record.seq}`;
      this.violated(`${text} (${record.timestamp})`, record);
    }
  }
}
