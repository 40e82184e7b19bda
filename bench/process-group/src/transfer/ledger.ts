/**
 * A replica with much state: what its members delivered in which order, and bytes that fill it up. A joiner that has taken it over, and what
 * follows, ends with the same order as everybody else.
 */
import { Tally } from '@choir/bench-namespaces/tally';
import { processorNumber } from '@choir/ftmp';
import type { Member, Replica } from '@choir/process-group';

const blockBytes = 1024 * 1024;

export class Ledger implements Replica {
  readonly tally = new Tally();
  readonly #heard: () => void;
  #blocks: readonly Uint8Array[];

  /**
   * @param stateBytes that fill it up, a multiple of 1 MiB
   * @param heard is told of each message
   */
  constructor(stateBytes: number, heard: () => void) {
    this.#heard = heard;
    const count = stateBytes / blockBytes;
    this.#blocks = Array.from({ length: count }, (_, at) => new Uint8Array(blockBytes).fill(at));
  }

  apply({ id }: Member, bytes: Uint8Array): void {
    const message = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.tally.deliver(processorNumber(id), message);
    this.#heard();
  }

  snapshot(): Iterable<Uint8Array> {
    return [this.tally.order.state, ...this.#blocks];
  }

  /** @throws Error when the state is not as large as it was made */
  restore(pieces: readonly Uint8Array[]): void {
    const [order = new Uint8Array(0), ...blocks] = pieces;
    if (blocks.length !== this.#blocks.length || !blocks.every(isBlock)) {
      throw new Error('The state of the benchmark is not whole.');
    }
    this.tally.order.restore(order);
    this.#blocks = blocks;
  }
}

/** Whether it seems to be the block of this place: a look at every byte would count as part of the transfer. */
function isBlock(block: Uint8Array, at: number): boolean {
  return block.length === blockBytes && block[0] === at % 0x100 && block.at(-1) === at % 0x100;
}
