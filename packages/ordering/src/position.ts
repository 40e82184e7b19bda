/** Comparing positions. */
import type { Position } from '@choir/protocol';

export function samePosition(one: Position, other: Position): boolean {
  return one.seq === other.seq && one.epoch === other.epoch;
}

export function renderPosition({ epoch, seq }: Position): string {
  return `${epoch}:${seq}`;
}
