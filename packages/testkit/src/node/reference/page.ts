/** A page of the API reference: an entry of the package, declaration by declaration. */
import type { Declaration, Member } from './declarations.ts';
import { docstringOf } from './docstring.ts';

export type Page = {
  /** The folder of the test that makes it. */
  readonly madeIn: string;
  readonly entry: string;
  readonly opening: string;
  readonly declarations: readonly Declaration[];
  /** Where names can be looked up that are not on this page, by page. */
  readonly elsewhere: ReadonlyMap<string, string>;
};

/** @param folder of the test that makes it */
export function madeBy(folder: string): string {
  return `<!-- Made from the docstrings by \`vitest run ${folder} -u\`. -->`;
}

const sections = [
  ['Functions', (kind: Declaration['kind']) => kind === 'function'],
  ['Classes', (kind: Declaration['kind']) => kind === 'class'],
  ['Types', (kind: Declaration['kind']) => kind === 'type' || kind === 'interface'],
  ['Values', (kind: Declaration['kind']) => kind === 'value'],
] as const;

export function pageText(page: Page): string {
  const parts = sections.flatMap(([title, belongs]) => {
    const found = page.declarations
      .filter(({ kind }) => belongs(kind))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    return found.length === 0
      ? []
      : [`## ${title}`, ...found.map((each) => declarationText(each, page))];
  });
  return `${[madeBy(page.madeIn), `# ${page.entry}`, page.opening, contents(page), ...parts].join('\n\n')}\n`;
}

function contents({ declarations }: Page): string {
  return sections
    .flatMap(([title, belongs]) => {
      const names = declarations.filter(({ kind }) => belongs(kind)).map(({ name }) => name);
      const links = names.sort().map((name) => `[${name}](#${anchor(name)})`);
      return links.length === 0 ? [] : [`${title}: ${links.join(', ')}.`];
    })
    .join('\n\n');
}

function declarationText(declaration: Declaration, page: Page): string {
  const { name, kind, text, doc, members } = declaration;
  const isBody = kind === 'class' || kind === 'interface';
  const shown = isBody ? [] : [code(text)];
  const said = docText(doc);
  return [
    `### ${name}`,
    ...origin(declaration, page),
    ...(kind === 'function' ? [...shown, ...said] : [...said, ...shown]),
    ...(isBody ? [] : mentioned(text, name, page)),
    ...members.filter((each) => each.doc !== '').map((each) => memberText(each, name, page)),
  ].join('\n\n');
}

function origin({ base, interfaces }: Declaration, page: Page): readonly string[] {
  const named = (name: string) => linked(name, page) ?? `\`${name}\``;
  const from = [
    ...(base === null ? [] : [`Extends ${named(base)}.`]),
    ...interfaces.map((each) => `Implements ${named(each)}.`),
  ];
  return from.length === 0 ? [] : [from.join(' ')];
}

function memberText(member: Member, owner: string, page: Page): string {
  // So that no heading of a member has the address of a class or type.
  const object = member.isStatic ? owner : `${owner[0]?.toLowerCase()}${owner.slice(1)}`;
  const call = member.text.includes('(') && !/^(get |readonly )/.test(member.text) ? '()' : '';
  const heading = `#### ${object}.${member.name}${call}`;
  return [
    heading,
    code(member.text),
    ...docText(member.doc),
    ...mentioned(member.text, owner, page),
  ].join('\n\n');
}

function docText(doc: string): readonly string[] {
  const { text, parameters, returns, throws, example } = docstringOf(doc);
  const list = [
    ...parameters.map((each) => `- \`${each.name}\`: ${each.text}`),
    ...(returns === '' ? [] : [`- Returns: ${returns}`]),
    ...(throws === '' ? [] : [`- Fails with: ${throws}`]),
  ];
  return [
    ...(text === '' ? [] : [text]),
    ...(list.length === 0 ? [] : [list.join('\n')]),
    ...(example === '' ? [] : [code(example)]),
  ];
}

function mentioned(text: string, own: string, page: Page): readonly string[] {
  const words = new Set(text.replaceAll(/'[^']*'|\/\*[\s\S]*?\*\//g, '').match(/\b[A-Z]\w+/g));
  words.delete(own);
  for (const [, declared = ''] of text.matchAll(/^type (\w+)/gm)) words.delete(declared);
  const links = [...words].flatMap((word) => linked(word, page) ?? []);
  return links.length === 0 ? [] : [`See ${links.join(', ')}.`];
}

function linked(name: string, { declarations, elsewhere }: Page): string | null {
  const here = declarations.some((each) => each.name === name);
  const address = here ? `#${anchor(name)}` : elsewhere.get(name);
  return address === undefined ? null : `[${name}](${address})`;
}

export function anchor(name: string): string {
  return name.toLowerCase();
}

/** Declarations are indented by four spaces, examples and the page by two. */
function code(text: string): string {
  const lines = text.split('\n');
  const indents = lines.slice(1).filter((line) => line.trim() !== '');
  const margin = Math.min(...indents.map((line) => /^ */.exec(line)?.[0].length ?? 0));
  const closing = lines.at(-1)?.startsWith('}') === true || indents.length === 0 ? 0 : margin;
  const shifted = lines.map((line, index) => (index === 0 ? line : line.slice(closing)));
  const narrow = shifted.map((line) =>
    line.replace(/^( {4})+/, (all) => ' '.repeat(all.length / 2)),
  );
  return `\`\`\`ts\n${narrow.join('\n')}\n\`\`\``;
}
