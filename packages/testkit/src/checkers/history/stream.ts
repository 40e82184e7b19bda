/**
 * What one client process received of one group, in order: transfers, resume blocks, deliveries. A
 * delivery here is whole: all the events of one position.
 */
import { eventText } from '../group-event.ts';
import type { Scope } from '../visible.ts';
import type { RecordOf } from '../vocabulary.ts';

export type Delivered = RecordOf<'delivered'>;
export type Block = RecordOf<'block'>;

/** The state of a group as a client holds it: received in a transfer, or its copy at the end. */
export type Picture<Head = Block | RecordOf<'copy'>> = {
  readonly head: Head;
  readonly updates: RecordOf<'update'>[];
  readonly contents: RecordOf<'content'>[];
  readonly members: RecordOf<'member'>[];
  readonly held: RecordOf<'held'>[];
  readonly properties: RecordOf<'property'>[];
};

export type Item =
  /** A transfer that came to its end. `created` of its group counts from here on. */
  | { readonly kind: 'transfer'; readonly begin: Block; readonly end: Block }
  | { readonly kind: 'resume_begin' | 'resume_end'; readonly block: Block }
  | {
      readonly kind: 'delivery';
      readonly seq: number;
      /** What of the group was followed then. */
      readonly scope: Scope;
      readonly events: Delivered[];
    }
  /** The connection or the wish to follow the group ended: what was a block is one no more. */
  | { readonly kind: 'interrupted' | 'left' };

export class Stream {
  readonly group: string;
  readonly items: Item[] = [];
  readonly transfers: Picture<Block>[] = [];
  copy: Picture | null = null;
  /** What of the group is followed now. */
  scope: Scope = 'everything';
  #begun: Block | null = null;
  #picture: Picture | null = null;

  constructor(group: string) {
    this.group = group;
  }

  block(block: Block): void {
    if (block.purpose !== 'read') this.scope = block.scope;
    switch (block.edge) {
      case 'transfer_begin':
        this.#begun = block;
        this.#transfer(emptyPicture(block));
        return;
      case 'transfer_end':
        if (this.#begun === null) return;
        // A read is a picture and no part of the stream.
        if (this.#begun.purpose !== 'read') {
          this.items.push({ kind: 'transfer', begin: this.#begun, end: block });
        }
        this.#begun = null;
        return;
      default:
        this.items.push({ kind: block.edge, block });
    }
  }

  delivered(delivered: Delivered): void {
    const last = this.items.at(-1);
    if (last?.kind === 'delivery' && last.seq === delivered.seq && delivered.index > 0) {
      last.events.push(delivered);
    } else {
      const { seq } = delivered;
      this.items.push({ kind: 'delivery', seq, scope: this.scope, events: [delivered] });
    }
  }

  interrupt(kind: 'interrupted' | 'left'): void {
    // What was transferred in part was never taken over.
    if (this.#begun !== null) this.transfers.pop();
    this.#begun = null;
    if (this.items.length > 0) this.items.push({ kind });
  }

  #transfer(picture: Picture<Block>): void {
    this.#picture = picture;
    this.transfers.push(picture);
  }

  copied(copy: RecordOf<'copy'>): void {
    this.copy = emptyPicture(copy);
    this.#picture = this.copy;
  }

  /** The picture that the records of content that come now belong to. */
  get picture(): Picture | null {
    return this.#picture;
  }
}

export function deliveryText(events: readonly Delivered[]): string {
  return events.map(eventText).join('; ');
}

function emptyPicture<Head>(head: Head): Picture<Head> {
  return { head, updates: [], contents: [], members: [], held: [], properties: [] };
}
