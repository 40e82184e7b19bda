/** The history: everything that a trace says, sorted by whom and what it is about. */
import type { RecordOf, TraceRecord } from '../vocabulary.ts';
import { Processes } from './processes.ts';
import { ServerLives } from './server-lives.ts';
import { ServerLog } from './server-log.ts';

/** What a submission was answered, by the position at which it was decided. */
export type Refusal = RecordOf<'refused'> | RecordOf<'sent'>;

export class History {
  readonly log = new ServerLog();
  readonly lives = new ServerLives();
  readonly processes = new Processes();
  /** Refusals that a server sent or a client received, by position. */
  readonly refusals = new Map<number, Refusal>();
  /** Time of the last record. */
  endOfTrace = 0;

  see(record: TraceRecord): void {
    this.endOfTrace = record.t;
    switch (record.kind) {
      case 'entry':
        this.log.entry(record);
        return;
      case 'logged':
        this.log.logged(record);
        return;
      case 'part':
        if (record.seq > 0) this.log.part(record);
        else this.processes.on(record.node)?.identity.part(record);
        return;
      case 'sent':
        if (record.message === 'refused' && record.seq > 0) this.#refusal(record);
        return;
      case 'opened':
      case 'stopped':
      case 'paused':
      case 'unpaused':
      case 'failed':
        this.lives.see(record);
        return;
      case 'started':
        this.processes.start(record);
        return;
      default:
        this.#seeClient(record);
    }
  }

  #seeClient(record: TraceRecord): void {
    const process = this.processes.on(record.node);
    if (process === null) return;
    const { identity } = process;
    switch (record.kind) {
      case 'ended':
        process.ended = record;
        for (const stream of process.streams.values()) stream.interrupt('interrupted');
        return;
      case 'disowned':
        process.disowned = true;
        return;
      case 'attached':
        identity.client = record.client;
        return;
      case 'call':
        identity.call(record);
        return;
      case 'settled':
        identity.tell(record);
        return;
      case 'withdrawn':
        if (!process.disowned) identity.tell(record);
        return;
      case 'refused':
        if (!process.disowned) identity.tell(record);
        if (record.seq > 0) this.#refusal(record);
        return;
      case 'pending':
        process.pending = record;
        return;
      case 'connection':
        if (record.state === 'online') return;
        for (const stream of process.streams.values()) stream.interrupt('interrupted');
        return;
      case 'left':
        process.stream(record.group).interrupt('left');
        return;
      case 'block':
        process.stream(record.group).block(record);
        return;
      case 'delivered':
        process.stream(record.group).delivered(record);
        return;
      case 'copy':
        process.stream(record.group).copied(record);
        return;
      case 'update':
        process.stream(record.group).picture?.updates.push(record);
        return;
      case 'content':
        process.stream(record.group).picture?.contents.push(record);
        return;
      case 'member':
        process.stream(record.group).picture?.members.push(record);
        return;
      case 'held':
        process.stream(record.group).picture?.held.push(record);
        return;
      case 'property':
        process.stream(record.group).picture?.properties.push(record);
        return;
      default:
    }
  }

  /** A repetition names the position of the decision too; the first record is as good as any. */
  #refusal(refusal: Refusal): void {
    if (!this.refusals.has(refusal.seq)) this.refusals.set(refusal.seq, refusal);
  }
}
