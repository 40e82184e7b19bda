import { type Reader, UnencodableError, type Writer } from '@choir/bytes';
import type { Codec, Flat, Infer, Json } from './codec.ts';
import type { Problems } from './problems.ts';
import { type Building, isObject, own, type RecordCodec } from './record.ts';

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
    toJson(value: Kinded): Json {
      const json = { kind: value.kind };
      caseOf(byKind, value).toJsonFields(value, json);
      return json;
    },
    fromJson: (json, problems) => fromJson(byKind, json, problems),
  };
  // A value is built of its `kind` and that kind's fields, which is what `UnionOf` spells out.
  return codec as Codec<unknown> as Codec<UnionOf<C>>;
}

function caseOf(byKind: ReadonlyMap<unknown, Case>, value: Kinded): Case {
  const found = byKind.get(value.kind);
  if (found === undefined) throw new UnencodableError(`there is no kind ${value.kind}`);
  return found;
}

function fromJson(byKind: ReadonlyMap<unknown, Case>, json: unknown, problems: Problems): Kinded {
  if (!isObject(json)) {
    problems.report('MALFORMED', 'is not an object');
    return { kind: '' };
  }
  const found = byKind.get(own(json, 'kind'));
  if (found === undefined) {
    problems.report('MALFORMED', 'is missing or unknown');
    problems.within('kind');
    return { kind: '' };
  }
  const building: Building & Kinded = { kind: found.kind };
  found.fromJsonFields(json, building, problems);
  return building;
}
