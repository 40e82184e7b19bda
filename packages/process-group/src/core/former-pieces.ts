/**
 * The pieces that a joiner has of transfers that broke off. The next provider need not send those again that are in its snapshot, too (T5).
 */
import { formerPiecesMax, stateBytesMax } from './limits.ts';

/** A piece that has come. */
export type Piece = { readonly digest: string; readonly bytes: Uint8Array };

export class FormerPieces {
  #pieces: ReadonlyMap<string, Uint8Array> = new Map();

  get digests(): readonly string[] {
    return [...this.#pieces.keys()];
  }

  get(digest: string): Uint8Array | undefined {
    return this.#pieces.get(digest);
  }

  /** Of a transfer that broke off; of what was there before, as much as there is room for. */
  add(pieces: readonly Piece[]): void {
    const kept = new Map<string, Uint8Array>();
    let bytes = 0;
    const former = Array.from(this.#pieces, ([digest, piece]) => ({ digest, bytes: piece }));
    for (const piece of [...pieces, ...former]) {
      if (kept.has(piece.digest)) continue;
      bytes += piece.bytes.length;
      if (bytes > stateBytesMax || kept.size === formerPiecesMax) break;
      kept.set(piece.digest, piece.bytes);
    }
    this.#pieces = kept;
  }

  clear(): void {
    this.#pieces = new Map();
  }
}
