/** One shape on the board: its form, its words, and a tag that says who holds it or that it is pending. */
import { made } from '../page/elements.ts';
import { drawn, set, textBox } from '../page/svg.ts';
import { boardSize, type Kind, type Shape, titleOf } from './shape.ts';

/** Room for the tag, which stands at its lower edge; on a small screen letters are larger. */
const tagHeight = 28;
const tagWidth = 220;

export type Sight = {
  readonly shape: Shape;
  readonly pending: boolean;
  readonly selected: boolean;
  /** Who holds it, and the colour; null: nobody. */
  readonly holder: {
    readonly name: string;
    readonly colour: string;
    readonly mine: boolean;
  } | null;
  /** Ours, but nobody knows for how long yet. */
  readonly doubtful: boolean;
};

export class ShapeView {
  readonly element: SVGGElement;
  readonly #words = textBox('words');
  readonly #tag = textBox('tag-place');
  readonly #tagWords = tagged();
  #form: SVGElement | null = null;
  #kind: Kind | null = null;

  constructor(object: string) {
    this.element = drawn('g', { tabindex: 0, role: 'button' });
    this.element.dataset['object'] = object;
    this.#tag.text.append(this.#tagWords);
    this.element.append(this.#words.box, this.#tag.box);
  }

  show(sight: Sight): void {
    const { shape, pending, selected, holder, doubtful } = sight;
    const { element } = this;
    const classes = ['shape', shape.kind, `fill-${shape.colour}`];
    if (pending) classes.push('pending');
    if (selected) classes.push('selected');
    if (holder !== null) classes.push('held', holder.mine ? 'mine' : 'others', holder.colour);
    set(element, {
      class: classes.join(' '),
      transform: `translate(${shape.x} ${shape.y})`,
      'aria-label': labelOf(sight),
      'aria-pressed': `${selected}`,
    });
    this.#draw(shape);
    const { box, text } = this.#words;
    set(box, { width: shape.width, height: shape.height });
    if (text.textContent !== shape.words) text.textContent = shape.words;
    this.#showTag(shape, tagOf(holder, { pending, doubtful }));
  }

  #draw({ kind, width, height }: Shape): void {
    if (this.#form === null || this.#kind !== kind) {
      this.#form?.remove();
      this.#form = drawn(kind === 'ellipse' ? 'ellipse' : 'rect', { class: 'form' });
      this.#kind = kind;
      this.element.prepend(this.#form);
    }
    const [cx, cy] = [width / 2, height / 2];
    const round = kind === 'note' ? 3 : 10;
    set(this.#form, kind === 'ellipse' ? { cx, cy, rx: cx, ry: cy } : { width, height, rx: round });
  }

  #showTag({ x, y, width }: Shape, words: string): void {
    const { box, text } = this.#tag;
    if (this.#tagWords.textContent !== words) this.#tagWords.textContent = words;
    // Above the shape, or in it where there is no room above.
    const above = y >= tagHeight ? -tagHeight : 0;
    // In the middle of the shape, or at the edge of the board where it would stand beyond.
    const middle = (width - tagWidth) / 2;
    const left = Math.min(Math.max(middle, -x), boardSize.width - tagWidth - x);
    set(box, { x: left, y: above, width: tagWidth, height: tagHeight });
    text.className = `tag-place ${left > middle ? 'at-left' : left < middle ? 'at-right' : ''}`;
    box.style.display = words === '' ? 'none' : '';
  }
}

function tagged(): HTMLElement {
  const tag = made('span');
  tag.className = 'tag';
  return tag;
}

function tagOf(
  holder: Sight['holder'],
  { pending, doubtful }: Pick<Sight, 'pending' | 'doubtful'>,
): string {
  if (holder !== null && !holder.mine) return holder.name;
  const parts = holder === null ? [] : [doubtful ? 'yours?' : 'yours'];
  if (pending) parts.push('pending');
  return parts.join(' · ');
}

function labelOf({ shape, pending, holder, doubtful }: Sight): string {
  const title = titleOf(shape).replace(/^the /, '');
  const hold = holder === null ? 'free' : holder.mine ? 'held by you' : `held by ${holder.name}`;
  const doubt = doubtful ? ', for an uncertain time' : '';
  return `${title}, ${hold}${doubt}${pending ? ', pending' : ''}`;
}
