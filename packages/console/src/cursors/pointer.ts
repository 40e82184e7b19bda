/**
 * Where somebody points, and what they are dragging: a volatile message, sent now or never. It is checked
 * like everything that others send.
 */
import { type Data, text } from '@choir/client';
import { boardSize } from '../board/shape.ts';

export type Point = { readonly x: number; readonly y: number };

export type Pointer = {
  /** On the board; null: it has left. */
  readonly at: Point | null;
  /** A shape that is being dragged, and its upper left corner. */
  readonly drags: { readonly object: string; readonly to: Point } | null;
};

const bytesMax = 300;

export function encodePointer({ at, drags }: Pointer): Data {
  const point = ({ x, y }: Point): number[] => [Math.round(x), Math.round(y)];
  return JSON.stringify({
    at: at === null ? null : point(at),
    ...(drags === null ? {} : { drags: drags.object, to: point(drags.to) }),
  });
}

/** Null: this is none. */
export function parsePointer(data: Uint8Array): Pointer | null {
  if (data.length > bytesMax) return null;
  try {
    const found: unknown = JSON.parse(text(data));
    if (typeof found !== 'object' || found === null) return null;
    const { at = null, drags, to } = found as Record<string, unknown>;
    const point = at === null ? null : pointOf(at);
    if (point === undefined) return null;
    const target = pointOf(to);
    if (typeof drags !== 'string' || target === undefined) return { at: point, drags: null };
    return { at: point, drags: { object: drags, to: target } };
  } catch {
    return null;
  }
}

/** A pair of numbers on the board. */
function pointOf(value: unknown): Point | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [x, y] = value.map(Number) as [number, number];
  const onBoard = x >= 0 && x <= boardSize.width && y >= 0 && y <= boardSize.height;
  return onBoard ? { x, y } : undefined;
}
