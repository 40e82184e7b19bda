/** What a host did since it began, in plain numbers, for whoever asks; nothing is decided by them. */
import type { Code } from '@choir/protocol';

export class Tally {
  /** Entries that were committed and applied. */
  entries = 0;
  /** Deliveries sent, each as often as there were readers. */
  deliveries = 0;
  /** Submissions that took effect. */
  acknowledged = 0;
  /** Submissions and requests that were refused. */
  readonly refused = new Map<Code, number>();
  /** Connections that the host ended, by what it told the client. */
  readonly ended = new Map<Code | 'BYE', number>();

  refuse(code: Code): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }

  end(code: Code | 'BYE'): void {
    this.ended.set(code, (this.ended.get(code) ?? 0) + 1);
  }
}
