/** Replays an editing trace: each author is a process of its own, and nothing is put in order before. */
import { connect } from '@choir/client';
import type { Stage } from '../stage.ts';
import type { Row } from '../summary.ts';
import { AuthorProcess } from './author-process.ts';
import type { AuthorReport } from './author-report.ts';
import { documentId } from './document.ts';
import { Reception, type ReceptionReport } from './reception.ts';
import { readTrace, type Trace } from './trace.ts';
import { verify } from './verification.ts';

/** How long a member may be away: the faults here last seconds, the time given is generous. */
const absenceMs = 600_000;

export async function replayEditingTrace(
  file: string,
  text: string,
  stage: Stage,
): Promise<readonly Row[]> {
  const trace = readTrace(text);
  const group = stage.newGroup('trace');
  await createGroup(stage.url, group);
  const { url: server } = stage;
  const { speed, dropClients } = stage.plan;
  const authors = Array.from({ length: trace.authors }, (_, author) => {
    return new AuthorProcess({ file, author, server, group, speed, dropClients });
  });
  try {
    await Promise.all(authors.map(({ ready }) => ready));
    stage.progress(
      () => progressOf(trace, authors),
      () => authors.reduce((sum, { cuts }) => sum + cuts, 0),
    );
    for (const author of authors) author.go();
    const reports = await Promise.all(authors.map(({ report }) => report));
    await stage.calm();
    const late = await joinLate(stage.url, group, trace);
    const cuts = reports.reduce((sum, report) => sum + report.cuts, 0);
    return [...counts(reports), ...stage.faults(cuts), ...verify(trace, reports, late)];
  } finally {
    for (const author of authors) author.kill();
  }
}

function progressOf(trace: Trace, authors: readonly AuthorProcess[]): string {
  const all = trace.transactions.length;
  const sent = authors.reduce((sum, author) => sum + author.sent, 0);
  const received = Math.min(...authors.map((author) => author.received));
  return `${sent}/${all} transactions sent, ${received}/${all} received by all`;
}

function counts(reports: readonly AuthorReport[]): readonly Row[] {
  const sum = (of: (report: AuthorReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  return [
    { name: 'members', value: `${reports.length} authors, 1 late joiner` },
    { name: 'messages', value: Math.max(...reports.map(({ updates }) => updates)) },
    { name: 'deliveries', value: sum(({ updates }) => updates) },
    { name: 'rejoins', value: sum(({ rejoins }) => rejoins) },
    { name: 'missed, then received', value: sum(({ missed }) => missed) },
    { name: 'duplicates suppressed', value: sum(({ duplicates }) => duplicates) },
  ];
}

async function createGroup(url: string, group: string): Promise<void> {
  const client = connect(url, { agent: 'replay' });
  await client.create(group, { absenceMs });
  await client.close();
}

/**
 * Somebody who comes when all is over, and has the document from the state transfer alone. The global
 * ids, for the comparison of the order, are read beside.
 */
async function joinLate(url: string, name: string, trace: Trace): Promise<ReceptionReport> {
  const client = connect(url, { agent: 'replay' });
  const group = await client.join(name, { name: 'late joiner' });
  const { objects } = await client.readState(name, [documentId]);
  const places = [...objects.values()].flat().map(({ at }) => at);
  const reception = new Reception(trace);
  for (const [index, data] of group.object(documentId).updates().entries()) {
    reception.take(places[index] ?? 0, data);
  }
  await client.close();
  return reception.report();
}
