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

type Piece = { readonly digest: string; readonly provider: string };

class Joiner {
  /** Of transfers that broke off. */
  #former: readonly Piece[] = [];
  /** Of the present transfer, or of the last one. */
  #pieces: Piece[] = [];
  #transfer: { readonly provider: string; readonly key: string } | null = null;
  readonly #declined = new Set<string>();
  /** It has the state, though the others may not know yet, and send it once more. */
  #isDone = false;
  /** For each transfer of which its provider has not been told: what there was to tell. */
  readonly #untold = new Map<string, readonly Piece[]>();
  readonly ever = new Set<string>();

  awaits(provider: string, key: string): void {
    if (this.#isDone) return;
    this.#former = [...this.#former, ...this.#pieces];
    this.#pieces = [];
    this.#transfer = { provider, key };
    this.#untold.set(key, this.#former);
  }

  received(digest: string): void {
    if (this.#transfer === null) return;
    this.#pieces.push({ digest, provider: this.#transfer.provider });
    this.ever.add(digest);
  }

  declined(provider: string): void {
    this.#declined.add(provider);
  }

  /** What was not in this state is not wanted any more. */
  restored(taken: boolean): void {
    this.#isDone = taken;
    this.#former = [];
  }

  /** What it owed, once. */
  told(key = this.#transfer?.key ?? ''): readonly string[] {
    const untold = this.#untold.get(key) ?? [];
    this.#untold.delete(key);
    return untold
      .filter(({ provider }) => !this.#declined.has(provider))
      .map(({ digest }) => digest);
  }
}

export class NothingForgotten extends ToolkitChecker {
  readonly property = 'T5';
  readonly promise =
    'A joiner tells the provider of a transfer all that came to it of those that broke off, and nothing else. What came of a provider that it wanted no more of may be left out: some of it came too late.';
  readonly #joiners = new Map<string, Joiner>();

  override see(record: ToolkitRecord): void {
    const { kind, node } = record;
    switch (kind) {
      case 'awaits':
        this.#joiner(node).awaits(record.provider, `${record.provider} ${record.transfer}`);
        return;
      case 'received':
        this.#joiner(node).received(record.digest);
        return;
      case 'declined':
        this.#joiner(node).declined(record.provider);
        return;
      case 'has':
        this.#told(record);
        return;
      case 'restored':
        this.#joiner(node).restored(record.taken);
        return;
      case 'holds':
        // What a joiner says goes out in its order, so it has told by now.
        if (this.#joiner(node).told().length > 0) {
          this.violated(`${node} did not tell its provider what it had`, record);
        }
        return;
      default:
    }
  }

  #told(record: RecordOf<'has'>): void {
    const { node, provider, transfer } = record;
    const joiner = this.#joiner(node);
    const told = new Set(record.digests);
    for (const digest of joiner.told(`${provider} ${transfer}`)) {
      if (told.has(digest)) continue;
      this.violated(`${node} does not tell ${provider} that it has ${digest}`, record);
    }
    for (const digest of told) {
      if (!joiner.ever.has(digest)) this.violated(`${node} never had ${digest}`, record);
    }
  }

  #joiner(node: string): Joiner {
    const joiner = this.#joiners.get(node) ?? new Joiner();
    this.#joiners.set(node, joiner);
    return joiner;
  }
}
