/** What was measured, as a table or as JSON. */
import { type Column, columnLines } from '../../../output/columns.ts';
import type { Output } from '../../../output/output.ts';
import type { Latency, Measured } from './conversation.ts';

export type Setup = {
  readonly group: string;
  readonly members: number;
  readonly senders: number;
  readonly seconds: number;
  /** Bytes of a message. */
  readonly size: number;
};

/** Of one member. */
export type Figures = {
  readonly member: number;
  readonly measured: Measured;
  /** Of messages that were sent one at a time. */
  readonly alone: Latency;
};

type Row = {
  readonly member: number;
  readonly sends: boolean;
  readonly messages: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly loadedP50Ms: number;
  readonly loadedP99Ms: number;
  readonly aloneP50Ms: number;
  readonly aloneP99Ms: number;
};

export function membersText(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}

export function printFigures(setup: Setup, figures: readonly Figures[], output: Output): void {
  const rows = figures.map((one) => rowOf(setup, one));
  const right = new Set(columns.map(([title]) => title));
  const [titles, ...lines] = columnLines(columns, rows, right);
  if (!output.json) output.line(output.paint('dim', titles));
  for (const [at, row] of rows.entries()) {
    output.result({ type: 'bench_member', ...row }, lines[at] ?? '');
  }
  const worst = (of: (row: Row) => number): number => Math.max(...rows.map(of));
  const least = (of: (row: Row) => number): number => Math.min(...rows.map(of));
  const total = {
    messagesPerSecond: least(({ messagesPerSecond }) => messagesPerSecond),
    bytesPerSecond: least(({ bytesPerSecond }) => bytesPerSecond),
    loadedP50Ms: worst(({ loadedP50Ms }) => loadedP50Ms),
    loadedP99Ms: worst(({ loadedP99Ms }) => loadedP99Ms),
    aloneP50Ms: worst(({ aloneP50Ms }) => aloneP50Ms),
    aloneP99Ms: worst(({ aloneP99Ms }) => aloneP99Ms),
  };
  const { members, senders, size } = setup;
  const text =
    `slowest of ${membersText(members)}, ${senders} of them sending ${size} bytes: ` +
    `${Math.round(total.messagesPerSecond)} messages/s, ${megabytes(total.bytesPerSecond)} MB/s; ` +
    `one message at a time: p50 ${ms(total.aloneP50Ms)} ms, p99 ${ms(total.aloneP99Ms)} ms`;
  output.result({ type: 'bench', ...setup, ...total }, text);
}

function rowOf({ senders, size }: Setup, { member, measured, alone }: Figures): Row {
  const { messages, elapsedMs, latency } = measured;
  const messagesPerSecond = rounded((messages * 1_000) / elapsedMs);
  return {
    member,
    sends: member <= senders,
    messages,
    messagesPerSecond,
    bytesPerSecond: rounded(messagesPerSecond * size),
    loadedP50Ms: rounded(latency.p50Ms),
    loadedP99Ms: rounded(latency.p99Ms),
    aloneP50Ms: rounded(alone.p50Ms),
    aloneP99Ms: rounded(alone.p99Ms),
  };
}

const columns: readonly Column<Row>[] = [
  ['member', ({ member }) => String(member)],
  ['sends', ({ sends }) => (sends ? 'yes' : 'no')],
  ['messages', ({ messages }) => String(messages)],
  ['messages/s', ({ messagesPerSecond }) => String(Math.round(messagesPerSecond))],
  ['MB/s', ({ bytesPerSecond }) => megabytes(bytesPerSecond)],
  ['loaded p50 ms', ({ loadedP50Ms }) => ms(loadedP50Ms)],
  ['loaded p99 ms', ({ loadedP99Ms }) => ms(loadedP99Ms)],
  ['alone p50 ms', ({ aloneP50Ms }) => ms(aloneP50Ms)],
  ['alone p99 ms', ({ aloneP99Ms }) => ms(aloneP99Ms)],
];

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function ms(value: number): string {
  return value.toFixed(2);
}

/** To three digits behind the point. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
