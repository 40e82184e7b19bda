/** Writes the tables of `docs/protocol/client-server.md` from the codecs, between their markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  codes,
  event,
  type FieldShape,
  holder,
  joinTarget,
  lockInfo,
  memberInfo,
  objectState,
  objectUpdate,
  part,
  position,
  property,
  type RecordShape,
  type Shape,
  submissionBody,
} from '../src/index.ts';
import { casesOf, tables } from './tables.ts';

const page = new URL('../../../docs/protocol/client-server.md', import.meta.url);

const records = {
  position,
  property,
  'object state': objectState,
  'object update': objectUpdate,
  'join target': joinTarget,
  holder,
  'member info': memberInfo,
  'lock info': lockInfo,
};

/** Shapes that the tables mention by name. */
const named = new Map<Shape, string>([
  ...Object.entries(records).map(([name, codec]) => [codec.shape, name] as const),
  [event.shape, 'event'],
  [part.shape, 'part'],
  [submissionBody.shape, 'submission body'],
]);

export function writtenPage(): string {
  return readFileSync(page, 'utf8');
}

export function rewritePage(): void {
  writeFileSync(page, freshPage(writtenPage()));
}

/** The page with what is between `<!-- NAME: generated -->` and `<!-- end -->` made anew. */
export function freshPage(text: string): string {
  return text.replaceAll(
    /(<!-- (\S+): generated -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, begin: string, name: string, end: string) => `${begin}${section(name)}${end}`,
  );
}

function section(name: string): string {
  if (name === 'codes') return codeTable();
  if (name === 'records') return recordTable();
  const table = tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  const rows = casesOf(table).map(
    ({ name: kind, tag, record }) => `| ${tag} | \`${kind}\` | ${fieldsText(record)} |\n`,
  );
  return `| number | kind | fields |\n|---|---|---|\n${rows.join('')}`;
}

function codeTable(): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |\n`);
  return `| code | meaning |\n|---|---|\n${rows.join('')}`;
}

function recordTable(): string {
  const rows = Object.entries(records).map(
    ([name, { shape }]) => `| *${name}* | ${fieldsText(shape)} |\n`,
  );
  return `| record | fields |\n|---|---|\n${rows.join('')}`;
}

function fieldsText({ fields }: RecordShape): string {
  return fields.length === 0 ? 'none' : fields.map(fieldText).join('<br>');
}

function fieldText({ name, optional, shape }: FieldShape): string {
  return `\`${name}\`: ${optional ? 'optional ' : ''}${shapeText(shape)}`;
}

function shapeText(shape: Shape): string {
  const name = named.get(shape);
  if (name !== undefined) return `*${name}*`;
  switch (shape.kind) {
    case 'number':
    case 'name':
      return shape.name;
    case 'text':
      return `text ≤ ${amount(shape.maxBytes)}`;
    case 'blob':
      return `payload ≤ ${amount(shape.maxBytes)}`;
    case 'choice':
      return `one of ${shape.names.map((each) => `\`${each}\``).join(', ')}`;
    case 'list':
      return `list of ${shapeText(shape.item)}, ≤ ${amount(shape.max)}`;
    default:
      return shape.kind;
  }
}

function amount(count: number): string {
  return count.toLocaleString('en-US');
}
