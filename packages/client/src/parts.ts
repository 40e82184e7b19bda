/** Parts of a message as applications write them, checked and copied. */
import type { ObjectState } from '@choir/protocol';
import { bytesOf, type Data } from './data.ts';
import { groupNamed, objectNamed } from './names.ts';
import type { OutgoingPart } from './session/index.ts';

/** What one message does in one group. Several parts take effect at once or not at all. */
export type GroupPart =
  /** `exclusive`: not sent back to this client. */
  | { readonly kind: 'bcast'; readonly data: Data; readonly exclusive?: boolean }
  /** INC appends to the object, NEW replaces it. */
  | {
      readonly kind: 'obj_state';
      readonly object: string;
      readonly update: 'INC' | 'NEW';
      readonly data: Data;
    }
  /** A checkpoint: these objects and no others. */
  | { readonly kind: 'group_state'; readonly objects: Objects };

/** A part with the group that it is for. The groups of one message must be related. */
export type Part = GroupPart & { readonly group: string };

/** Objects and their content. */
export type Objects = Readonly<Record<string, Data>> | Iterable<readonly [id: string, data: Data]>;

export function outgoing(part: Part): OutgoingPart {
  const group = groupNamed(part.group);
  switch (part.kind) {
    case 'bcast': {
      const { kind, exclusive = false } = part;
      return { kind, group, exclusive, data: bytesOf(part.data) };
    }
    case 'obj_state': {
      const { kind, update } = part;
      return { kind, group, object: objectNamed(part.object), update, data: bytesOf(part.data) };
    }
    case 'group_state':
      return { kind: part.kind, group, objects: statesOf(part.objects) };
    default:
      return part satisfies never;
  }
}

function statesOf(objects: Objects): readonly ObjectState[] {
  const entries = Symbol.iterator in objects ? [...objects] : Object.entries(objects);
  return entries.map(([id, data]) => ({ object: objectNamed(id), data: bytesOf(data) }));
}
