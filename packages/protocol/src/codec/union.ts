import { type Reader, UnencodableError, type Writer } from '@choir/bytes';
import type { Codec, Flat, Infer } from './codec.ts';
import type { RecordCodec } from './record.ts';

/** For each kind its wire number and its fields. Wire numbers are never used again for another kind. */
export type Cases = {
  readonly [kind: string]: readonly [tag: number, fields: RecordCodec<object>];
};

/** Over the kinds one by one, so that tools show the union itself and not this name. */
export type UnionOf<C extends Cases, K extends keyof C = keyof C> = K extends unknown
  ? Flat<{ readonly kind: K } & Infer<C[K][1]>>
  : never;

type Kinded = { readonly kind: string };
type Case = { readonly kind: string; readonly tag: number } & RecordCodec<object>;

/**
 * One of several records, told apart by `kind`. Binary: the wire number of the kind, then the fields.
 * JSON: an object with `kind` and the fields.
 */
export function union<C extends Cases>(description: C): Codec<UnionOf<C>> {
  const cases = Object.entries(description).map(([kind, [tag, fields]]) => ({
    ...fields,
    kind,
    tag,
  }));
  const byKind = new Map(cases.map((each) => [each.kind, each]));
  const byTag: (Case | undefined)[] = [];
  for (const each of cases) {
    if (byTag[each.tag] !== undefined) throw new Error(`wire number ${each.tag} is used twice`);
    byTag[each.tag] = each;
  }
  const codec: Codec<Kinded> = {
    shape: {
      kind: 'union',
      cases: cases.map(({ kind, tag, shape }) => ({ name: kind, tag, record: shape })),
    },
    write(writer: Writer, value: Kinded): void {
      const found = caseOf(byKind, value);
      writer.natural(found.tag);
      found.write(writer, value);
    },
    read(reader: Reader): Kinded {
      const start = reader.offset;
      const found = byTag[reader.natural()];
      if (found === undefined) {
        reader.fail('FORM', 'unknown kind', start);
        return { kind: '' };
      }
      const building = { kind: found.kind };
      found.readFields(reader, building);
      return building;
    },
  };
  // A value is built of its `kind` and that kind's fields, which is what `UnionOf` spells out.
  return codec as Codec<unknown> as Codec<UnionOf<C>>;
}

function caseOf(byKind: ReadonlyMap<unknown, Case>, value: Kinded): Case {
  const found = byKind.get(value.kind);
  if (found === undefined) throw new UnencodableError(`there is no kind ${value.kind}`);
  return found;
}
