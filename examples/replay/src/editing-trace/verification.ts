import type { Row } from '../summary.ts';
import type { AuthorReport } from './author-report.ts';
import type { ReceptionReport } from './reception.ts';
import type { Trace } from './trace.ts';

/** Compares what the authors and the late joiner received with the trace. */
export function verify(
  { transactions, endContent }: Trace,
  authors: readonly AuthorReport[],
  late: ReceptionReport,
): readonly Row[] {
  const all = [...authors, late];
  const once = all.every(
    ({ updates, misplaced }) => updates === transactions.length && misplaced === 0,
  );
  const orders = new Set(all.map(({ order }) => order));
  const texts = all.filter(({ text }) => text === endContent).length;
  const replicas = authors.every(({ replicaAgrees }) => replicaAgrees);
  return [
    {
      name: 'every transaction once',
      verified: once,
      detail: `${transactions.length}, each author's in its order`,
    },
    {
      name: 'same order at all members',
      verified: orders.size === 1,
      detail: [...orders].join(' '),
    },
    {
      name: 'text equals endContent',
      verified: texts === all.length && replicas,
      detail: `${texts} of ${all.length} texts, ${endContent.length} characters`,
    },
  ];
}
