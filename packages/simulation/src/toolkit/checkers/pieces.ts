/** What is promised of a transfer that goes on where another broke off: T5. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';

type Transfer = {
  readonly to: readonly string[];
  readonly had: Map<string, ReadonlySet<string>>;
  /** Pieces that went out though all had them. */
  again: number;
};

/** One may wait for room already when its provider hears that all have it. */
const againMax = 1;

export class NothingTwice extends ToolkitChecker {
  readonly property = 'T5';
  readonly promise =
    'What all joiners of a transfer have of others that broke off is not sent once they have said so.';
  readonly #transfers = new Map<string, Transfer>();

  override see(record: ToolkitRecord): void {
    const { kind, node } = record;
    if (kind === 'marked') {
      const fresh = { to: record.to, had: new Map(), again: 0 };
      this.#transfers.set(`${node} ${record.transfer}`, fresh);
    }
    if (kind === 'had') {
      const { transfer, joiner, digests } = record;
      this.#transfers.get(`${node} ${transfer}`)?.had.set(joiner, new Set(digests));
    }
    if (kind === 'piece') this.#sent(record);
  }

  #sent(record: RecordOf<'piece'>): void {
    const { node, transfer: number, digest } = record;
    const transfer = this.#transfers.get(`${node} ${number}`);
    if (transfer?.to.every((joiner) => transfer.had.get(joiner)?.has(digest)) !== true) return;
    transfer.again += 1;
    if (transfer.again <= againMax) return;
    this.violated(`${node} sends ${digest} in transfer ${number}, which all have`, record);
  }
}
