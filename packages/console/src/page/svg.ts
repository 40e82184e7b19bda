/** Elements of pictures. Text is only ever set as text. */

const svgSpace = 'http://www.w3.org/2000/svg';

export function drawn<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(svgSpace, name);
  set(element, attributes);
  return element;
}

export function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, `${value}`);
  }
}

/** A box for text within a picture: it wraps, and is cut where it ends. */
export function textBox(className: string): { box: SVGForeignObjectElement; text: HTMLElement } {
  const box = drawn('foreignObject');
  const text = document.createElement('div');
  text.className = className;
  box.append(text);
  return { box, text };
}
