/**
 * One event of a trace: a flat record, and its text.
 *
 * Boundary: the form only; kinds and fields belong to those who record and check them.
 */
import { type Field, fingerprint } from './trace-hash.ts';

/** Bytes are shown as a fingerprint and their length; they must not change after the record. */
export type TraceEvent = {
  /** Virtual milliseconds. */
  readonly t: number;
  /** The node or client where it happened; `world` for faults and for the run itself. */
  readonly node: string;
  readonly kind: string;
  readonly [field: string]: Field | undefined;
};

/** Columns: time (12, three decimals), node (12), kind (16), then `name=value` in record order. */
export function renderEvent(event: TraceEvent): string {
  const columns = [event.t.toFixed(3).padStart(12), event.node.padEnd(12), event.kind.padEnd(16)];
  for (const name in event) {
    if (name === 't' || name === 'node' || name === 'kind') continue;
    const value = event[name];
    if (value !== undefined) columns.push(`${name}=${renderField(value)}`);
  }
  return columns.join(' ').trimEnd();
}

function renderField(value: Field): string {
  if (value instanceof Uint8Array) return `#${fingerprint(value)}/${value.length}`;
  if (typeof value === 'string')
    return /^[^\s="[\],]+$/u.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return `[${value.map(renderField).join(',')}]`;
  return String(value);
}
