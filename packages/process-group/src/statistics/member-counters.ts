/** What a member counts itself, and how its statistics come together. */
import { hostname } from 'node:os';
import type { ProcessorHost } from '@choir/drivers';
import type { GroupId } from '@choir/ftmp';
import type { GroupView } from '../core/index.ts';
import { encodeStatistics } from './member-statistics.ts';

export class MemberCounters {
  readonly #observer: boolean;
  #joinedAt = 0;
  #view: GroupView | null = null;
  #sent = 0;
  #delivered = 0;

  constructor(observer: boolean) {
    this.#observer = observer;
  }

  sent(): void {
    this.#sent += 1;
  }

  delivered(): void {
    this.#delivered += 1;
  }

  viewed(view: GroupView): void {
    if (this.#view === null) this.#joinedAt = Date.now();
    this.#view = view;
  }

  /** The statistics as of now, for whoever asks. @param waiting messages that have not gone to the host yet */
  async answer(host: ProcessorHost, group: GroupId, waiting: number): Promise<Uint8Array> {
    const own = {
      host: hostname(),
      pid: process.pid,
      joinedAt: this.#joinedAt,
      view: this.#view?.number ?? 0,
      members: this.#view?.members.length ?? 0,
      observer: this.#observer,
      sentMessages: this.#sent,
      deliveredMessages: this.#delivered,
    };
    const { sentBytes, receivedBytes, exclusions, groups } = await host.statistics();
    const counters = groups.find((one) => one.group === group);
    const { retransmissions = 0, queuedMessages = 0, pendingMessages = 0 } = counters ?? {};
    return encodeStatistics({
      ...own,
      sentBytes,
      receivedBytes,
      retransmissions,
      waitingMessages: waiting + pendingMessages + queuedMessages,
      exclusions,
    });
  }
}
