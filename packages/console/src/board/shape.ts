/**
 * A shape as it is stored on its object: JSON, checked wherever it comes from. Places and sizes are in
 * units of the board, which is `boardSize` whatever the screen.
 */
import { type Data, text } from '@choir/client';

export const kinds = ['note', 'rectangle', 'ellipse'] as const;
export type Kind = (typeof kinds)[number];

export type Shape = {
  readonly kind: Kind;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** An index into the palette. */
  readonly colour: number;
  readonly words: string;
};

export const boardSize = { width: 640, height: 400 } as const;
export const colours = 6;
export const wordsMax = 80;
/** What a shape may take; what is longer was not written by this page. */
const bytesMax = 2_048;
const sizeMin = 24;

/** Null: this is none. */
export function parseShape(data: Uint8Array): Shape | null {
  if (data.length === 0 || data.length > bytesMax) return null;
  const found = parsed(text(data));
  if (typeof found !== 'object' || found === null) return null;
  const { kind, x, y, width, height, colour, words } = found as Record<string, unknown>;
  const known = kinds.find((each) => each === kind);
  const whole = [x, y, width, height, colour].every((each) => Number.isFinite(each));
  if (known === undefined || !whole || typeof words !== 'string') return null;
  if (words.length > wordsMax) return null;
  const size = { width: Number(width), height: Number(height) };
  if (size.width < sizeMin || size.width > boardSize.width) return null;
  if (size.height < sizeMin || size.height > boardSize.height) return null;
  if (!Number.isInteger(colour) || Number(colour) < 0 || Number(colour) >= colours) return null;
  return placed(
    { kind: known, ...size, colour: Number(colour), words, x: 0, y: 0 },
    Number(x),
    Number(y),
  );
}

export function encodeShape(shape: Shape): Data {
  return JSON.stringify(shape);
}

/** The same shape elsewhere, wholly on the board. */
export function placed(shape: Shape, x: number, y: number): Shape {
  return {
    ...shape,
    x: Math.round(within(x, boardSize.width - shape.width)),
    y: Math.round(within(y, boardSize.height - shape.height)),
  };
}

/** What a shape is called where it cannot be seen. */
export function titleOf({ kind, words }: Shape): string {
  return words.trim() === '' ? `the ${kind}` : `the ${kind} “${words.trim()}”`;
}

function within(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
