/** What a key means. */
import type { Key } from 'node:readline';
import { isDrawable } from './board.ts';

export type Action =
  | { readonly kind: 'move'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'draw'; readonly character: string }
  /** The cell here, or the one before with `back`. */
  | { readonly kind: 'erase'; readonly back: boolean }
  | { readonly kind: 'leave' };

const moves: ReadonlyMap<string, Action> = new Map([
  ['up', { kind: 'move', dx: 0, dy: -1 }],
  ['down', { kind: 'move', dx: 0, dy: 1 }],
  ['left', { kind: 'move', dx: -1, dy: 0 }],
  ['right', { kind: 'move', dx: 1, dy: 0 }],
]);

/**
 * @param text what the key types, if it types anything
 * @returns null when the key means nothing
 */
export function actionOf(
  text: string | undefined,
  { name = '', ctrl = false }: Key,
): Action | null {
  if (text === 'q' || (ctrl && name === 'c')) return { kind: 'leave' };
  if (name === 'space' || name === 'backspace')
    return { kind: 'erase', back: name === 'backspace' };
  if (text !== undefined && isDrawable(text)) return { kind: 'draw', character: text };
  return moves.get(name) ?? null;
}
