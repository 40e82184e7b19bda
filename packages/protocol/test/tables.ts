/** The unions of the message table under the names that vectors and documentation give them. */
import {
  type Codec,
  event,
  fromClient,
  fromServer,
  part,
  submissionBody,
  type UnionShape,
} from '../src/index.ts';

export type Kinded = { readonly kind: string };

export type Table = { readonly name: string; readonly codec: Codec<Kinded> };

export const tables: readonly Table[] = [
  { name: 'from-client', codec: fromClient as Codec<Kinded> },
  { name: 'from-server', codec: fromServer as Codec<Kinded> },
  { name: 'submission-body', codec: submissionBody as Codec<Kinded> },
  { name: 'part', codec: part as Codec<Kinded> },
  { name: 'event', codec: event as Codec<Kinded> },
];

export function casesOf({ name, codec }: Table): UnionShape['cases'] {
  if (codec.shape.kind !== 'union') throw new Error(`${name} is not a union`);
  return codec.shape.cases;
}
