/** One member at the board: what its keys do, what it hears of the group, and what is to be seen. */
import {
  GroupError,
  type GroupEvent,
  type GroupView,
  type ProcessGroup,
  type ReplicatedMap,
} from '@choir/process-group';
import { type Cell, columns, keyOf, moved, type Position, rows } from './board.ts';
import { Cursors, decodePosition, encodePosition } from './cursors.ts';
import { newsMax, type Picture } from './drawing.ts';
import type { Action } from './keys.ts';

const channel = 'cursors';

export class Whiteboard {
  readonly #label: string;
  readonly #group: ProcessGroup;
  readonly #cells: ReplicatedMap<Cell>;
  readonly #cursors = new Cursors();
  #place: Position = { x: columns / 2, y: rows / 2 };
  #news: readonly string[] = [];
  #isSaying = false;
  #isMoved = false;

  constructor(label: string, group: ProcessGroup, cells: ReplicatedMap<Cell>) {
    this.#label = label;
    this.#group = group;
    this.#cells = cells;
  }

  get picture(): Picture {
    return {
      cell: (key) => this.#cells.get(key),
      self: { label: this.#label, place: this.#place },
      others: this.#cursors.others(this.#group.self),
      members: this.#group.members.map(({ label }) => label),
      news: this.#news,
      pid: process.pid,
    };
  }

  /** What is drawn is seen when it comes back in the order; the own cursor moves at once. */
  do(action: Exclude<Action, { readonly kind: 'leave' }>): void {
    switch (action.kind) {
      case 'move':
        this.#move(action.dx, action.dy);
        return;
      case 'draw': {
        const cell = { character: action.character, by: this.#label };
        this.#await(this.#cells.set(keyOf(this.#place), cell));
        this.#move(1, 0);
        return;
      }
      case 'erase':
        if (action.back) this.#move(-1, 0);
        this.#await(this.#cells.delete(keyOf(this.#place)));
        if (!action.back) this.#move(1, 0);
        return;
      default:
        action satisfies never;
    }
  }

  hear(event: GroupEvent): void {
    switch (event.kind) {
      case 'view':
        this.#view(event.view);
        return;
      case 'message': {
        const place = event.channel === channel ? decodePosition(event.bytes) : null;
        if (place !== null && this.#cursors.moved(event.from, place)) this.#say();
        return;
      }
      case 'primary':
        this.#tell(
          event.primary ? 'A majority is together again.' : 'No majority: waiting for it.',
        );
        return;
      case 'excluded':
        this.#tell('The others went on without this process.');
        return;
      default:
    }
  }

  #view({ members, joined, returned, left, excluded }: GroupView): void {
    this.#cursors.keep(members);
    const news = [
      ...joined.map((one) => `${one.label} ${returned.includes(one) ? 'is back' : 'joined'}`),
      ...left.map(({ label }) => `${label} left`),
      ...excluded.map(({ label }) => `${label} is gone`),
    ];
    this.#tell(news.join(', '));
    if (joined.some(({ id }) => id === this.#group.self?.id)) this.#say();
  }

  #move(dx: number, dy: number): void {
    this.#place = moved(this.#place, dx, dy);
    this.#say();
  }

  /** Says where the cursor is. While there is no room for it only the last place counts. */
  #say(): void {
    this.#isMoved = true;
    if (!this.#isSaying) this.#await(this.#sayLast());
  }

  async #sayLast(): Promise<void> {
    this.#isSaying = true;
    try {
      while (this.#isMoved) {
        this.#isMoved = false;
        await this.#group.multicast(encodePosition(this.#place), { channel });
      }
    } finally {
      this.#isSaying = false;
    }
  }

  /** Why something is not known to have been drawn stands below the board. */
  #await(done: Promise<unknown>): void {
    done.catch((error: Error) => {
      const isExcluded = error instanceof GroupError && error.code === 'group-excluded';
      this.#tell(isExcluded ? 'What was drawn before it came back may be lost.' : error.message);
    });
  }

  #tell(text: string): void {
    if (text !== this.#news.at(-1)) this.#news = [...this.#news, text].slice(-newsMax);
  }
}
