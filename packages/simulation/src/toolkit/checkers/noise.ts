/** M4: what cannot be read is told of, and passed over, by everybody alike. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import type { History, Stay } from './history.ts';

export class PassedOver extends ToolkitChecker {
  readonly property = 'M4';
  readonly promise =
    'A message that cannot be read is told as such at one place, to everybody who goes on to the next view.';
  /** When it had gone through what it kept. */
  readonly #since = new Map<string, number>();
  /** In the present view of each. */
  readonly #noise = new Map<string, string[]>();
  readonly #first = new Map<string, string>();

  override see(record: ToolkitRecord, { stays }: History): void {
    const { kind, node } = record;
    if (kind === 'restored') this.#since.set(node, record.t);
    if (kind === 'unreadable') this.#heard(record, stays.get(node));
    if (kind === 'view') this.#viewed(record, stays.get(node));
  }

  #heard({ node, count, sender }: RecordOf<'unreadable'>, stay: Stay | undefined): void {
    if (stay?.view === null) return;
    const noise = this.#noise.get(node) ?? [];
    noise.push(`of ${sender} behind ${count}`);
    this.#noise.set(node, noise);
  }

  #viewed(record: RecordOf<'view'>, stay: Stay | undefined): void {
    const { node, group } = record;
    const noise = this.#noise.get(node)?.join(', ') ?? '';
    this.#noise.delete(node);
    const before = stay?.views.at(-2);
    const since = this.#since.get(node);
    // Whoever came in during the view before was told of no noise before that.
    if (before === undefined || (since !== undefined && before.t <= since)) return;
    const key = `${group} ${before.view}`;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, noise);
    else if (first !== noise) {
      const text = `in view ${before.view} ${node} was told of noise ${noise || '-'}`;
      this.violated(`${text}, others ${first || '-'}`, record);
    }
  }
}
