/** What a system is loaded with, and what each of its nodes tells of it. */

export type Load = {
  /** Nodes 1 to this one send, all nodes receive; 1 to the number of nodes. */
  readonly senders: number;
  /** Of each message, 16 to 1,048,576. */
  readonly payloadBytes: number;
  /** Of each sender; 0 is as many as are taken. */
  readonly ratePerSecond: number;
  /** How long they send and are measured, 1 to 500. */
  readonly seconds: number;
  /** How long they send before that, 0 to 60: latencies of these messages do not count. */
  readonly warmUpSeconds: number;
};

export type Report = {
  readonly sent: number;
  readonly delivered: number;
  /** Deliveries between the first and the last. */
  readonly perSecond: number;
  /** From handing a message over to its delivery. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** A hash over the messages in the order of delivery: 16 hexadecimal digits. */
  readonly order: string;
  /** Processor time of the application's thread; null where the system has none of its own. */
  readonly threadMs: number | null;
};

/** A view as a node was told of it, at a time of CLOCK_MONOTONIC, which all hosts share. */
export type View = { readonly atNs: bigint; readonly members: number };

class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code = 'bench-report';
}

/** Reads the line that a node prints when its load is over. */
export function readReport(line: string): Report {
  const fields = objectIn(line);
  const order = fields['order'];
  if (typeof order !== 'string' || !/^[0-9a-f]{16}$/.test(order)) throw unreadable(line);
  return {
    sent: figure('sent'),
    delivered: figure('delivered'),
    perSecond: figure('perSecond'),
    p50Ms: figure('p50Ms'),
    p99Ms: figure('p99Ms'),
    order,
    threadMs: fields['threadMs'] == null ? null : figure('threadMs'),
  };

  function figure(name: string): number {
    const value = fields[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw unreadable(line);
  }
}

/** Reads the line that a node prints for each of its views. */
export function readView(line: string): View {
  const { atNs, members } = objectIn(line);
  if (typeof atNs !== 'string' || !/^\d{1,19}$/.test(atNs)) throw unreadable(line);
  if (!Number.isInteger(members)) throw unreadable(line);
  return { atNs: BigInt(atNs), members: Number(members) };
}

/**
 * Every node must have delivered all that was sent, in one order: else its figures mean nothing.
 *
 * @throws ReportError when one has not
 */
export function checkAgreement(
  reports: readonly Pick<Report, 'sent' | 'delivered' | 'order'>[],
): void {
  const sent = reports.reduce((sum, report) => sum + report.sent, 0);
  for (const [at, { delivered, order }] of reports.entries()) {
    if (delivered !== sent) {
      throw new ReportError(`Node ${at + 1} delivered ${delivered} of ${sent} messages.`);
    }
    if (order !== reports[0]?.order) {
      throw new ReportError(`Node ${at + 1} delivered in another order than node 1.`);
    }
  }
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Said below.
  }
  throw unreadable(line);
}

function unreadable(line: string): ReportError {
  return new ReportError(`A node printed what is no report: ${line.slice(0, 200)}`);
}
