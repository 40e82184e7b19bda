/** Logical connections, as simple as can be: what was taken, what waits, and what was replied, after each message about them in the order. */
import { serviceLimits } from '../service.ts';
import type { RecordOf } from '../vocabulary.ts';

export type Said = Pick<
  RecordOf<'connection'>,
  'operation' | 'connection' | 'number' | 'closings' | 'data'
>;

/** What a message leads to. */
export type Outcome =
  /** The `total`th request that was taken. */
  | { readonly kind: 'taken'; readonly request: string; readonly total: number }
  /** The reply of all from here on. */
  | { readonly kind: 'replied'; readonly request: string; readonly data: string }
  | { readonly kind: 'nothing' };

type Connection = {
  /** Connections that had been closed when it was opened. */
  readonly closings: number;
  readonly requests: { waits: boolean; reply: string | null }[];
};

const nothing: Outcome = { kind: 'nothing' };

export class ConnectionModel {
  readonly #connections = new Map<string, Connection>();
  /** In the order of taking. */
  #waiting: string[] = [];
  #total = 0;
  /** The connections that were closed, in that order. */
  readonly #closed: string[] = [];

  apply({ operation, connection: name, number, closings, data }: Said): Outcome {
    const request = `${name} ${number}`;
    const connection = this.#connections.get(name);
    const asks = operation === 'request' || operation === 'close';
    if (asks && closings < this.#closingsLeast(name)) return nothing;
    if (operation === 'close') {
      if (this.#connections.delete(name)) this.#closed.push(name);
      this.#waiting = this.#waiting.filter((one) => !one.startsWith(`${name} `));
      return nothing;
    }
    if (operation === 'request') return this.#requested(name, number);
    const entry = connection?.requests[number - 1];
    if (entry?.waits !== true || connection?.closings !== closings) return nothing;
    entry.waits = false;
    entry.reply = data;
    this.#waiting = this.#waiting.filter((one) => one !== request);
    return { kind: 'replied', request, data };
  }

  /** The reply of a request, if it came and is remembered. */
  reply(name: string, number: number): string | null {
    const { requests } = this.#connections.get(name) ?? { requests: [] };
    const isOld = number <= requests.length - serviceLimits.replies;
    return isOld ? null : (requests[number - 1]?.reply ?? null);
  }

  get waiting(): readonly string[] {
    return this.#waiting;
  }

  /** `connection number` of the last request that was taken of it; 0 when there is none. */
  taken(name: string): string {
    return `${name} ${this.#connections.get(name)?.requests.length ?? 0}`;
  }

  /** `connection number data` of every reply that is remembered. */
  get replies(): readonly string[] {
    return [...this.#connections].flatMap(([name, { requests }]) =>
      requests.flatMap((_, index) => {
        const data = this.reply(name, index + 1);
        return data === null ? [] : [`${name} ${index + 1} ${data}`];
      }),
    );
  }

  /** What was said after fewer closings is to one that was closed since; or may be, for names that were closed long ago. */
  #closingsLeast(name: string): number {
    const remembered = new Set<string>();
    let forgotten = this.#closed.length;
    while (
      forgotten > 0 &&
      (remembered.size < serviceLimits.connections ||
        remembered.has(this.#closed[forgotten - 1] ?? ''))
    ) {
      forgotten -= 1;
      remembered.add(this.#closed[forgotten] ?? '');
    }
    const last = remembered.has(name) ? this.#closed.lastIndexOf(name) + 1 : forgotten;
    return Math.min(last, this.#connections.get(name)?.closings ?? last);
  }

  #requested(name: string, number: number): Outcome {
    const closings = this.#closed.length;
    const connection = this.#connections.get(name) ?? { requests: [], closings };
    const { requests } = connection;
    const waiting = requests.filter(({ waits }) => waits).length;
    const { connections, waiting: waitingMax } = serviceLimits;
    const isFull = requests.length === 0 && this.#connections.size >= connections;
    if (number === requests.length + 1 && !isFull && waiting < waitingMax) {
      requests.push({ waits: true, reply: null });
      this.#connections.set(name, connection);
      this.#waiting.push(`${name} ${number}`);
      this.#total += 1;
      return { kind: 'taken', request: `${name} ${number}`, total: this.#total };
    }
    // Whoever asks again is told again.
    const data = this.reply(name, number);
    return data === null ? nothing : { kind: 'replied', request: `${name} ${number}`, data };
  }
}
