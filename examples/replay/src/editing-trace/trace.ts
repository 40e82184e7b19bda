/**
 * A concurrent editing trace (github.com/josephg/editing-traces). Positions of a patch count code
 * points of the document as it is after the transaction's parents, merged.
 *
 * T1 The transactions of one author are ordered: each comes after that author's previous one.
 * T2 So what a transaction has seen is a number of transactions of each author, its `seen`.
 * T3 `seen` never shrinks from one transaction of an author to the next.
 */
import { InputError } from '../input.ts';

const pair = /[\ud800-\udfff]/;

export type Patch = readonly [at: number, deleted: number, inserted: string];

export type Transaction = {
  /** Its place in the file. */
  readonly index: number;
  readonly author: number;
  readonly patches: readonly Patch[];
  /** How many transactions of each author it comes after. */
  readonly seen: readonly number[];
};

export type Trace = {
  readonly authors: number;
  readonly transactions: readonly Transaction[];
  readonly endContent: string;
  /** Some text has code points of two UTF-16 units. */
  readonly wide: boolean;
};

export function readTrace(text: string): Trace {
  const { kind, numAgents, txns, endContent } = object(json(text), 'the file');
  if (kind !== 'concurrent' || typeof endContent !== 'string' || !Array.isArray(txns)) {
    throw new InputError('This is no concurrent editing trace.');
  }
  const authors = natural(numAgents, 'numAgents');
  const transactions: Transaction[] = [];
  const made = new Array<number>(authors).fill(0);
  for (const [index, txn] of txns.entries()) {
    transactions.push(readTransaction(index, txn, transactions, made));
  }
  const wide = transactions.some(({ patches }) => patches.some(([, , text]) => pair.test(text)));
  return { authors, transactions, endContent, wide };
}

function readTransaction(
  index: number,
  json: unknown,
  before: readonly Transaction[],
  made: number[],
): Transaction {
  const where = `transaction ${index}`;
  const { agent, parents, patches } = object(json, where);
  const author = natural(agent, `${where}: agent`);
  const own = made[author];
  if (own === undefined) throw new InputError(`${where}: there is no agent ${author}.`);
  if (!Array.isArray(parents) || !Array.isArray(patches)) {
    throw new InputError(`${where} has no parents or patches.`);
  }
  const seen = made.map(() => 0);
  for (const parent of parents) {
    const past = before[natural(parent, `${where}: parent`)];
    if (past === undefined) throw new InputError(`${where} comes before its parent.`);
    for (const [who, count] of past.seen.entries()) {
      const including = count + (who === past.author ? 1 : 0);
      seen[who] = Math.max(seen[who] ?? 0, including);
    }
  }
  if (seen[author] !== own) throw new InputError(`${where} breaks the order of its author (T1).`);
  made[author] = own + 1;
  return { index, author, seen, patches: patches.map((patch) => readPatch(patch, where)) };
}

function readPatch(json: unknown, where: string): Patch {
  const [at, deleted, inserted] = Array.isArray(json) ? json : [];
  if (typeof inserted !== 'string') throw new InputError(`${where} has a patch without text.`);
  return [natural(at, where), natural(deleted, where), inserted];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`This is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function object(json: unknown, what: string): { readonly [name: string]: unknown } {
  if (typeof json === 'object' && json !== null) return { ...json };
  throw new InputError(`${what} is no object.`);
}

function natural(json: unknown, what: string): number {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0) return json;
  throw new InputError(`${what} is no whole number.`);
}
