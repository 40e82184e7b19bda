/**
 * The board on the page. To touch a shape is to ask for its lock; while it is selected it is held, and can
 * be dragged, moved with the arrow keys, and changed with the bar below.
 */
import { ChoirError } from '@choir/client';
import { CursorsView } from '../cursors/cursors-view.ts';
import type { Point, Pointer } from '../cursors/pointer.ts';
import type { Pointers } from '../cursors/pointers.ts';
import { drawn } from '../page/svg.ts';
import type { Names } from '../people/names.ts';
import { shortName } from '../people/people.ts';
import type { Board, Seen } from './board.ts';
import { SelectionBar } from './selection-bar.ts';
import { boardSize, colours, type Kind, placed, type Shape } from './shape.ts';
import { ShapeView } from './shape-view.ts';

const sizes: Readonly<Record<Kind, { readonly width: number; readonly height: number }>> = {
  note: { width: 120, height: 84 },
  rectangle: { width: 130, height: 70 },
  ellipse: { width: 120, height: 80 },
};
const step = 8;
/** Movements are told no more often, milliseconds. */
const tellMs = 50;

export type BoardParts = {
  readonly board: Board;
  readonly pointers: Pointers;
  readonly names: Names;
  readonly point: (pointer: Pointer) => void;
  /** Whether somebody can be asked for a lock now. */
  readonly isOnline: () => boolean;
  readonly tell: (words: string) => void;
};

type Drag = { readonly object: string; readonly grip: Point; to: Point | null };

export class BoardView {
  readonly #svg: SVGSVGElement;
  readonly #shapes: SVGGElement;
  readonly #cursors: CursorsView;
  readonly #bar: SelectionBar;
  readonly #hint: HTMLElement;
  readonly #views = new Map<string, ShapeView>();
  #parts: BoardParts | null = null;
  #selected: string | null = null;
  #drag: Drag | null = null;
  #toldAt = 0;
  #expiry: number | undefined;
  #frame: number | null = null;

  constructor(svg: SVGSVGElement, bar: HTMLElement, hint: HTMLElement) {
    this.#svg = svg;
    this.#hint = hint;
    svg.setAttribute('viewBox', `0 0 ${boardSize.width} ${boardSize.height}`);
    // Else a browser takes it for one picture, and what is in it for parts of that.
    svg.setAttribute('role', 'group');
    this.#shapes = drawn('g');
    const cursors = drawn('g', { 'aria-hidden': 'true' });
    svg.append(this.#shapes, cursors);
    this.#cursors = new CursorsView(cursors);
    this.#bar = new SelectionBar(bar, {
      words: (words) => this.#change((shape) => ({ ...shape, words }), 'Wrote on'),
      colour: (colour) => this.#change((shape) => ({ ...shape, colour }), 'Coloured'),
      done: () => this.#done(),
      remove: () => this.#remove(),
    });
    svg.addEventListener('pointerdown', (event) => this.#down(event));
    svg.addEventListener('pointermove', (event) => this.#move(event));
    svg.addEventListener('pointerup', (event) => this.#up(event));
    svg.addEventListener('pointercancel', (event) => this.#up(event));
    svg.addEventListener('pointerleave', () => this.#parts?.point({ at: null, drags: null }));
    svg.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Shows this board from now on; null: none. */
  use(parts: BoardParts | null): void {
    this.#parts = parts;
    this.#selected = null;
    this.#drag = null;
    this.refresh();
  }

  /** Puts a new shape on the board, beside where the last one went, and selects it. */
  add(kind: Kind): void {
    const parts = this.#parts;
    if (parts === null) return;
    const { board } = parts;
    const count = board.seen().length;
    const { width, height } = sizes[kind];
    const shape: Shape = {
      ...{ kind, width, height, x: 0, y: 0 },
      colour: count % colours,
      words: '',
    };
    const place = placed(shape, 24 + (count % 4) * 150, 30 + (count % 3) * 120);
    this.#select(null);
    this.#selected = board.add(place, { hold: parts.isOnline() });
    this.refresh();
  }

  /** Once for all that others do before the next picture is drawn. */
  refreshSoon(): void {
    this.#frame ??= requestAnimationFrame(() => this.refresh());
  }

  refresh(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    const seen = this.#parts?.board.seen() ?? [];
    const present = new Set(seen.map(({ object }) => object));
    for (const [object, { element }] of this.#views) {
      if (present.has(object)) continue;
      element.remove();
      this.#views.delete(object);
    }
    for (const each of seen) this.#show(each);
    const selected = seen.find(({ object }) => object === this.#selected);
    const open = selected !== undefined && this.#parts?.board.mayChange(selected.object) === true;
    this.#bar.show(open ? selected.shape : null);
    this.#hint.hidden = this.#parts === null || seen.length > 0;
    this.#showPointers();
  }

  /** A lock of this page is gone. */
  lost(object: string): void {
    if (this.#selected === object) this.#selected = null;
    if (this.#drag?.object === object) this.#drag = null;
    this.refresh();
  }

  #show({ object, shape, pending, hold }: Seen): void {
    const parts = this.#parts;
    if (parts === null) return;
    const view = this.#views.get(object) ?? this.#make(object);
    const mine = hold !== null && hold.state !== 'others';
    const own = this.#drag?.object === object ? this.#drag.to : null;
    // Only who holds a shape moves it, whatever others say (B1).
    const holder = mine || hold === null ? null : hold.clientId;
    const told = holder === null ? null : parts.pointers.dragged(object, holder, performance.now());
    const to = own ?? told;
    view.show({
      shape: to === null ? shape : placed(shape, to.x, to.y),
      pending,
      selected: object === this.#selected,
      holder:
        hold === null
          ? null
          : {
              name: shortName(parts.names.of(hold.clientId)),
              colour: parts.names.colourOf(hold.clientId),
              mine,
            },
      doubtful: hold?.state === 'unconfirmed',
    });
  }

  #make(object: string): ShapeView {
    const view = new ShapeView(object);
    this.#views.set(object, view);
    this.#shapes.append(view.element);
    return view;
  }

  #showPointers(): void {
    const parts = this.#parts;
    const now = performance.now();
    if (parts === null) this.#cursors.clear();
    else this.#cursors.show(parts.pointers.shown(now), parts.names);
    clearTimeout(this.#expiry);
    const next = parts?.pointers.nextExpiry ?? null;
    if (next !== null) this.#expiry = window.setTimeout(() => this.refresh(), next - now);
  }

  #select(object: string | null): void {
    const parts = this.#parts;
    if (parts === null) return;
    // A shape may be selected and not be held: it was made while away.
    const same = object === this.#selected;
    if (same && (object === null || parts.board.mayChange(object))) return;
    // What was written belongs to the shape that is let go.
    this.#bar.confirm();
    if (this.#selected !== null && !same) parts.board.release(this.#selected);
    this.#selected = object;
    if (object !== null && !parts.board.mayChange(object)) this.#ask(parts, object);
    this.refresh();
  }

  #ask(parts: BoardParts, object: string): void {
    if (parts.isOnline()) {
      void this.#take(parts, object);
    } else {
      this.#selected = null;
      parts.tell('While you are away you can change what you hold, and add new shapes.');
    }
  }

  async #take({ board, names, tell }: BoardParts, object: string): Promise<void> {
    try {
      await board.take(object);
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      if (this.#selected === object) this.#selected = null;
      if (this.#drag?.object === object) this.#drag = null;
      const [holder] = error.holders;
      if (holder !== undefined) tell(`${shortName(names.of(holder.clientId))} holds this shape.`);
      else if (error.code !== 'LEFT' && error.code !== 'CLOSED') tell(error.message);
    }
    this.refresh();
  }

  #change(make: (shape: Shape) => Shape | null, did: string): void {
    const board = this.#parts?.board;
    const object = this.#selected;
    const shape = object === null ? null : (board?.shape(object) ?? null);
    if (object === null || shape === null) return;
    board?.change(object, make(shape), did);
    // What one does oneself is shown at once, not with the next picture.
    this.refresh();
  }

  #done(): void {
    const object = this.#selected;
    this.#select(null);
    // The button that had the focus is hidden now.
    if (object !== null) this.#views.get(object)?.element.focus();
  }

  #remove(): void {
    this.#change(() => null, 'Removed');
    this.#select(null);
    this.#svg.focus();
  }

  #down(event: PointerEvent): void {
    const parts = this.#parts;
    if (parts === null || event.button !== 0) return;
    const object = objectAt(event.target);
    this.#select(object);
    const shape = object === null ? null : parts.board.shape(object);
    if (object === null || shape === null) return;
    const { x, y } = this.#pointOf(event);
    this.#drag = { object, grip: { x: x - shape.x, y: y - shape.y }, to: null };
    this.#svg.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const parts = this.#parts;
    if (parts === null) return;
    const at = this.#pointOf(event);
    const drag = this.#drag;
    const shape = drag === null ? null : parts.board.shape(drag.object);
    if (drag !== null && shape !== null && parts.board.mayChange(drag.object)) {
      const { x, y } = placed(shape, at.x - drag.grip.x, at.y - drag.grip.y);
      if (drag.to !== null || x !== shape.x || y !== shape.y) drag.to = { x, y };
      this.refresh();
    }
    const now = performance.now();
    if (now - this.#toldAt < tellMs) return;
    this.#toldAt = now;
    const drags = drag?.to === null || drag === null ? null : { object: drag.object, to: drag.to };
    parts.point({ at, drags });
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = null;
    const to = drag?.to ?? null;
    if (to !== null) {
      this.#change((shape) => placed(shape, to.x, to.y), 'Moved');
      // Else the others would see it there, whatever follows, until the pointer moves.
      this.#parts?.point({ at: this.#pointOf(event), drags: null });
    }
    this.refresh();
  }

  #key(event: KeyboardEvent): void {
    const object = objectAt(event.target);
    if (object === null) return;
    const by = movements[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#select(object);
    else if (event.key === 'Escape') this.#select(null);
    else if (object !== this.#selected) return;
    else if (event.key === 'Delete') this.#remove();
    else if (by === undefined) return;
    else this.#change((shape) => placed(shape, shape.x + by[0], shape.y + by[1]), 'Moved');
    event.preventDefault();
  }

  #pointOf({ clientX, clientY }: PointerEvent): Point {
    const box = this.#svg.getBoundingClientRect();
    const within = (value: number, max: number): number => Math.min(Math.max(value, 0), max);
    return {
      x: within(((clientX - box.left) / box.width) * boardSize.width, boardSize.width),
      y: within(((clientY - box.top) / box.height) * boardSize.height, boardSize.height),
    };
  }
}

const movements: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
};

function objectAt(target: EventTarget | null): string | null {
  const shape = target instanceof Element ? target.closest<SVGGElement>('.shape') : null;
  return shape?.dataset['object'] ?? null;
}
