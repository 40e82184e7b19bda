/** The clauses of the page of the protocol, by their numbers. */
import { readFileSync } from 'node:fs';

export type Clause = { readonly id: string; readonly text: string };

const page = new URL('../../../docs/protocol/client-server.md', import.meta.url);

/** In the order of the page. */
export function clauses(): readonly Clause[] {
  return clausesOf(readFileSync(page, 'utf8'));
}

export function clausesOf(markdown: string): readonly Clause[] {
  return [...markdown.matchAll(/^- \*\*([A-Z]\d+)\*\* (.*(?:\n {2}.*)*)/gm)].map(
    ([, id = '', text = '']) => ({ id, text: text.replaceAll(/\n {2}/g, ' ') }),
  );
}
