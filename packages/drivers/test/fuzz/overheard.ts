// What those who listen know of a group: recordings of what was sent, who is in it, its views, and how far each has come.
import { decode, type Header, isRefusal, type ProcessorId, type ViewId } from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import { Kept, typeAt } from './kept.ts';

export type Counters = Pick<Header, 'sequence' | 'timestamp' | 'ack'>;

/** The last ones, each once. */
class Lately<What> {
  readonly #kept = new Map<string, What>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(name: string, what: What): void {
    this.#kept.delete(name);
    this.#kept.set(name, what);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
  }

  get all(): readonly What[] {
    return [...this.#kept.values()];
  }
}

const keptMost = 8;

export class Overheard {
  /** Of the last datagrams that were sent, and of what was in them. */
  readonly datagrams = new Kept();
  readonly messages = new Kept();
  readonly #sources = new Lately<ProcessorId>(keptMost);
  readonly #lineages = new Lately<ViewId>(2);
  readonly #views = new Lately<ViewId>(keptMost);
  readonly #counters = new Map<ProcessorId, Counters>();
  #view: ViewId | null = null;
  #configuration: ViewId | null = null;

  /** @param message what was in the datagram, before it was closed in */
  record(datagram: Uint8Array, message: Uint8Array): void {
    const type = message[typeAt] ?? 0;
    this.messages.add(type, message);
    this.datagrams.add(type, datagram);
    const decoded = decode(message);
    if (isRefusal(decoded)) return;
    const { header, body } = decoded;
    const { source, timestamp } = header;
    if (timestamp > 0 && !header.retransmission && body.type !== 'slice') {
      this.#sources.add(String(source), source);
      this.#counters.set(source, header);
    }
    if (body.type === 'announce') {
      this.#lineages.add(nameOf(body.lineage), body.lineage);
      this.#learn(body.view);
    }
    if (body.type === 'heartbeat' || body.type === 'announce') {
      this.#learn(body.configuration);
      this.#configuration = body.configuration;
    }
    if (body.type === 'heartbeat') this.#learn(body.view);
  }

  /** Those who were heard last, in the order of their ids. */
  get sources(): readonly ProcessorId[] {
    return [...this.#sources.all].sort((one, other) => one - other);
  }

  /** One of them; nobody as long as there are none. */
  source(random: Random): ProcessorId | undefined {
    const { all } = this.#sources;
    return all.length === 0 ? undefined : random.pick(all);
  }

  /** The last that this source was heard to say; zeros of who was not heard. */
  countersOf(source: ProcessorId): Counters {
    return this.#counters.get(source) ?? { sequence: 0, timestamp: 0, ack: 0 };
  }

  get lineage(): ViewId | null {
    return this.#lineages.all.at(-1) ?? null;
  }

  /** That which somebody was in last. */
  get configuration(): ViewId | null {
    return this.#configuration;
  }

  /** The latest that anybody has told of. */
  get view(): ViewId | null {
    return this.#view;
  }

  /** One of the last views, or configurations. */
  anyView(random: Random): ViewId | null {
    const { all } = this.#views;
    return all.length === 0 ? null : random.pick(all);
  }

  #learn(view: ViewId): void {
    if (view.timestamp === 0) return;
    this.#views.add(nameOf(view), view);
    if (view.timestamp > (this.#view?.timestamp ?? 0)) this.#view = view;
  }
}

function nameOf({ timestamp, processor }: ViewId): string {
  return `${timestamp} ${processor}`;
}
