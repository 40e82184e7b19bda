/** A line of an export, as far as an import plays it back. */
import { fromBase64 } from '@choir/bytes';
import type { GroupPart } from '@choir/client';

export type ExportedLine = {
  readonly group: string;
  readonly globalId: number;
  readonly what:
    | { readonly kind: 'part'; readonly part: GroupPart }
    | { readonly kind: 'properties'; readonly properties: Readonly<Record<string, string>> }
    | { readonly kind: 'deleted' }
    /** Members and locks: they belonged to clients that are not here. */
    | { readonly kind: 'passed_over' };
};

/** Null when it is no line of an export. */
export function readExportedLine(text: string): ExportedLine | null {
  const line = objectIn(text);
  const { group, globalId, type } = line;
  if (typeof group !== 'string' || !Number.isSafeInteger(globalId)) return null;
  const what = whatOf(type, line);
  return what === null ? null : { group, globalId: Number(globalId), what };
}

type Fields = Readonly<Record<string, unknown>>;

function objectIn(text: string): Fields {
  try {
    return Object(JSON.parse(text)) as Fields;
  } catch {
    return {};
  }
}

function whatOf(type: unknown, line: Fields): ExportedLine['what'] | null {
  switch (type) {
    case 'message': {
      const part = partOf(line);
      return part === null ? null : { kind: 'part', part };
    }
    case 'properties': {
      const { properties } = line;
      if (!Array.isArray(properties)) return null;
      const pairs = properties.map(({ name, value }) => [String(name), String(value)] as const);
      return { kind: 'properties', properties: Object.fromEntries(pairs) };
    }
    case 'group':
      return { kind: 'deleted' };
    case 'member':
    case 'lock':
      return { kind: 'passed_over' };
    default:
      return null;
  }
}

function partOf({ kind, object, update, data, objects }: Fields): GroupPart | null {
  if (kind === 'group_state') {
    if (!Array.isArray(objects)) return null;
    const states: [string, Uint8Array][] = [];
    for (const each of objects) {
      const bytes = bytesOf(each.data);
      if (bytes === null) return null;
      states.push([String(each.object), bytes]);
    }
    return { kind, objects: states };
  }
  const bytes = bytesOf(data);
  if (bytes === null) return null;
  if (kind === 'bcast') return { kind, data: bytes };
  if (kind !== 'obj_state' || typeof object !== 'string') return null;
  return update === 'NEW' || update === 'INC' ? { kind, object, update, data: bytes } : null;
}

function bytesOf(data: unknown): Uint8Array | null {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  const { base64 } = Object(data) as { readonly base64?: unknown };
  return typeof base64 === 'string' ? fromBase64(base64) : null;
}
