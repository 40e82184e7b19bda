/** The parts of `docs/protocol/ftmp.md` that are made from the table of fields and from the vectors. */
import { readFileSync } from 'node:fs';
import { messageTypes, services } from '../../src/index.ts';
import { bodies, type Field, header, type Kind, plainRegular } from './layout.ts';
import { fromHex, type MessageVector, messageVectors } from './vectors.ts';
import { type Row, walk } from './walk.ts';

export const pageFile = new URL('../../../../docs/protocol/ftmp.md', import.meta.url);
const generated = /(<!-- (\w+): ([^>]*) -->\n)[\s\S]*?(<!-- end -->)/g;
const bytesPerLine = 8;

export function writtenPage(): string {
  return readFileSync(pageFile, 'utf8');
}

/** The page as it should be. */
export function freshPage(page: string): string {
  return page.replace(generated, (_, opening: string, kind: string, name: string, end: string) => {
    return `${opening}${section(kind, name.trim())}${end}`;
  });
}

function section(kind: string, name: string): string {
  if (kind === 'types') return typeTable();
  if (kind === 'header') return headerTable();
  if (kind === 'body') return bodyTable(name);
  if (kind === 'example') return example(name);
  throw new Error(`the page asks for ${kind}`);
}

function typeTable(): string {
  const rows = Object.entries(messageTypes).map(([name, type]) => {
    const { reliable, ordered, except } = services[name as keyof typeof services];
    const exception = except === undefined ? '' : `, except to ${except}`;
    return `| ${type} | \`${name}\` | ${reliable ? `yes${exception}` : 'no'} | ${ordered ? 'yes' : 'no'} |`;
  });
  return `| number | type | reliable, source-ordered | totally ordered |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function headerTable(): string {
  const widths = [4, 1, 1, 1, 1, 4, 8, 4, 4, 4, 4];
  let at = 0;
  const rows = header.map(({ name, meaning }, index) => {
    const width = widths[index] ?? 0;
    const row = `| ${at} | ${width} | ${name} | ${meaning} |`;
    at += width;
    return row;
  });
  return `| offset | bytes | field | clause |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function bodyTable(name: string): string {
  const fields =
    name === 'regular'
      ? plainRegular
      : (bodies as Readonly<Record<string, readonly Field[]>>)[name];
  if (fields === undefined) throw new Error(`there is no body ${name}`);
  const rows = fields.map(
    (field) => `| \`${field.name}\` | ${kindShown(field.is)} | ${field.meaning} |`,
  );
  return `| field | form | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function kindShown(is: Kind): string {
  switch (is.kind) {
    case 'number':
      return `u${8 * is.width}`;
    case 'word':
      return `u8: ${is.words.map((word, index) => `${index} \`${word}\``).join(', ')}`;
    case 'list':
      return `list of *${is.shown}*`;
    case 'record':
      return `*${is.shown}*`;
    case 'optional':
      return `flag, then perhaps an *${is.shown}*`;
    case 'rest':
      return 'bytes';
    case 'processor':
    case 'address':
      return `*${is.kind}*`;
    default:
      return is.kind;
  }
}

function example(name: string): string {
  const order = name.endsWith(' (little endian)') ? 'little' : 'big';
  const vector = messageVectors().find((each) => each.name === name.replace(/ \(little.*/, ''));
  if (vector === undefined) throw new Error(`there is no vector ${name}`);
  return `\`\`\`\n${dump(vector, order)}\`\`\`\n`;
}

function dump(vector: MessageVector, order: 'big' | 'little'): string {
  return walk(fromHex(vector[order])).map(lines).join('');
}

/** Offset, bytes, name and value of a field; a long one takes several lines. */
function lines({ offset, bytes, name, shown }: Row): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const hex = Buffer.from(bytes.subarray(at, at + bytesPerLine)).toString('hex');
    const spaced = hex.replace(/..(?=.)/g, '$& ').padEnd(3 * bytesPerLine - 1);
    const where = (offset + at).toString(16).padStart(4, '0');
    const what = at === 0 ? `  ${name} = ${shown}` : '';
    text += `${`${where}  ${spaced}${what}`.trimEnd()}\n`;
  }
  return text;
}

/** The bytes in each example of the page, by the name of the example. */
export function examplesOf(page: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, , kind, name = '', block = ''] of page.matchAll(
    /(<!-- (\w+): ([^>]*) -->\n)([\s\S]*?)<!-- end -->/g,
  )) {
    if (kind !== 'example') continue;
    const hex = [...block.matchAll(/^[0-9a-f]{4} {2}((?:[0-9a-f]{2} ?)+)/gm)];
    found.set(name.trim(), hex.map(([, bytes = '']) => bytes.replaceAll(' ', '')).join(''));
  }
  return found;
}
