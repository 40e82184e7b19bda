/**
 * Who is attached, by the entries alone: the rules of DESIGN ("Sessions"), written down once more and
 * as simply as can be.
 */
import type { RecordOf } from '../vocabulary.ts';

export type Entry = RecordOf<'entry'>;

export type SessionChange = {
  /** The client whose session began here, and may act from now on. */
  readonly began: string | null;
  readonly ended: readonly string[];
};

type Attached = { readonly session: number; readonly source: string };

const nothing: SessionChange = { began: null, ended: [] };

export class Sessions {
  readonly #attached = new Map<string, Attached>();
  readonly #secrets = new Map<string, string>();
  /** Position at which an unattached client went away. */
  readonly #absentSince = new Map<string, number>();
  readonly #retired = new Set<string>();

  current(client: string): number | null {
    return this.#attached.get(client)?.session ?? null;
  }

  /** The node through which a client is attached. */
  source(client: string): string | null {
    return this.#attached.get(client)?.source ?? null;
  }

  isRetired(client: string): boolean {
    return this.#retired.has(client);
  }

  /** The clients attached now. */
  get clients(): readonly string[] {
    return [...this.#attached.keys()];
  }

  apply(entry: Entry): SessionChange {
    switch (entry.command) {
      case 'attach':
        return this.#attach(entry.client, entry.secret, entry);
      case 'detach':
        if (this.current(entry.client) !== entry.session) return nothing;
        return { began: null, ended: this.#end([entry.client], entry.seq) };
      case 'members': {
        const lost = [...this.#attached].filter(([, { source }]) => entry.gone.includes(source));
        const clients = lost.map(([client]) => client);
        return { began: null, ended: this.#end(clients, entry.seq) };
      }
      case 'forget':
        if (this.#absentSince.get(entry.client) === entry.absence) this.#retired.add(entry.client);
        return nothing;
      default:
        return nothing;
    }
  }

  #attach(client: string, secret: string, { seq, source }: Entry): SessionChange {
    const known = this.#secrets.get(client);
    if (this.#retired.has(client) || (known !== undefined && known !== secret)) return nothing;
    const ended = this.#attached.has(client) ? [client] : [];
    this.#secrets.set(client, secret);
    this.#attached.set(client, { session: seq, source });
    this.#absentSince.delete(client);
    return { began: client, ended };
  }

  #end(clients: readonly string[], seq: number): readonly string[] {
    for (const client of clients) {
      this.#attached.delete(client);
      this.#absentSince.set(client, seq);
    }
    return clients;
  }
}
