/** The pointers of the others on the board. */
import { drawn, set, textBox } from '../page/svg.ts';
import type { Names } from '../people/names.ts';
import { shortName } from '../people/people.ts';
import type { Point } from './pointer.ts';

const arrow = 'M0 0 L0 15 L4 11.5 L7 18 L9.6 16.9 L6.7 10.5 L12 10 Z';

export class CursorsView {
  readonly #layer: SVGGElement;
  readonly #shown = new Map<string, { group: SVGGElement; name: HTMLElement }>();

  constructor(layer: SVGGElement) {
    this.#layer = layer;
  }

  clear(): void {
    for (const { group } of this.#shown.values()) group.remove();
    this.#shown.clear();
  }

  show(pointers: readonly (readonly [string, Point])[], names: Names): void {
    const present = new Set(pointers.map(([id]) => id));
    for (const [id, { group }] of this.#shown) {
      if (present.has(id)) continue;
      group.remove();
      this.#shown.delete(id);
    }
    for (const [id, { x, y }] of pointers) {
      const { group, name } = this.#shown.get(id) ?? this.#make(id);
      set(group, { transform: `translate(${x} ${y})`, class: `cursor ${names.colourOf(id)}` });
      const shown = shortName(names.of(id));
      if (name.textContent !== shown) name.textContent = shown;
    }
  }

  #make(id: string): { group: SVGGElement; name: HTMLElement } {
    const group = drawn('g');
    group.append(drawn('path', { d: arrow }));
    const { box, text } = textBox('tag');
    set(box, { x: 10, y: 14, width: 220, height: 28 });
    group.append(box);
    this.#layer.append(group);
    const made = { group, name: text };
    this.#shown.set(id, made);
    return made;
  }
}
