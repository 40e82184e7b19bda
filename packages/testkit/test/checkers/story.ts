/**
 * A hand-made trace, record by record: a server, and clients that it delivers to. Nothing here decides
 * anything; the author of a story says what happens, and may let it be wrong.
 */
import type { Body, EntryCommand, GroupEvent, TraceRecord } from '../../src/checkers/index.ts';

type Events = Readonly<Record<string, readonly GroupEvent[]>>;
type Plain = TraceRecord extends infer Each
  ? Each extends TraceRecord
    ? Omit<Each, 't' | 'node'>
    : never
  : never;

export class Story {
  readonly records: TraceRecord[] = [];
  readonly created = new Map<string, number>();
  /** Client id by node, of those that are online; and who follows what. */
  readonly online = new Map<string, string>();
  readonly #followers = new Map<string, Set<string>>();
  #t = 0;
  #seq = 0;
  #n = 0;
  #source = 's#1';
  #life = 0;

  get seq(): number {
    return this.#seq;
  }

  wait(ms: number): void {
    this.#t += ms;
  }

  say(node: string, record: Plain): void {
    this.#t += 1;
    this.records.push({ t: this.#t, node, ...record } as TraceRecord);
  }

  serverOpens(clean: boolean): void {
    this.#life += 1;
    this.#n = 0;
    this.#source = `s#${this.#life}`;
    this.say('s', { kind: 'opened', life: this.#life, head: this.#seq, epoch: 1, clean });
  }

  clientStarts(node: string, life = 1): void {
    this.say(node, { kind: 'started', life, role: 'client', identity: node });
  }

  attach(node: string): void {
    this.commit({ command: 'attach', client: node.toUpperCase(), secret: node }, {});
    this.online.set(node, node.toUpperCase());
    this.say(node, { kind: 'attached', client: node.toUpperCase(), session: this.#seq });
    this.say(node, { kind: 'connection', state: 'online' });
  }

  /** Commits an entry, and delivers what the groups received to whoever follows them. */
  commit(command: EntryCommand, units: Events, parts: readonly Plain[] = []): void {
    this.#seq += 1;
    this.#n += 1;
    const seq = this.#seq;
    const isMembers = command.command === 'members';
    const late = false;
    const source = isMembers ? '' : this.#source;
    if (isMembers) this.#n -= 1;
    this.say('s', { kind: 'synced', seq });
    this.say('s', {
      kind: 'entry',
      seq,
      epoch: 1,
      source,
      n: isMembers ? 0 : this.#n,
      time: timeAt(seq),
      late,
      ...command,
    });
    for (const part of parts) this.say('s', { ...part, seq, localId: 0 } as Plain);
    for (const [group, events] of Object.entries(units)) {
      if (!this.created.has(group)) this.created.set(group, seq);
      const created = this.created.get(group) ?? 0;
      for (const [index, event] of events.entries()) {
        const head = { seq, group, created, time: timeAt(seq), index, of: events.length };
        this.say('s', { kind: 'logged', ...head, ...event });
      }
    }
    for (const [group, events] of Object.entries(units)) {
      for (const [node, client] of this.online) {
        if (this.#followers.get(group)?.has(node)) this.deliver(node, client, group, seq, events);
      }
    }
  }

  deliver(
    node: string,
    client: string,
    group: string,
    seq: number,
    events: readonly GroupEvent[],
  ): void {
    const shown = events.filter(
      (e) => !(e.event === 'bcast' && e.exclusive && e.sender === client),
    );
    const sent = { kind: 'sent', client, group, seq, localId: 0, code: '' } as const;
    this.say('s', { ...sent, message: shown.length > 0 ? 'delivery' : 'ack' });
    for (const [index, event] of shown.entries()) {
      const head = { group, seq, time: timeAt(seq), index, of: shown.length };
      this.say(node, { kind: 'delivered', ...head, ...event });
    }
  }

  /** The application of `node` hands over a submission, the server takes it, its sender is told. */
  submit(
    node: string,
    group: string,
    localId: number,
    previous: number,
    body: Body,
    units: Events,
    options: { parts?: readonly Plain[]; privileged?: boolean } = {},
  ): void {
    this.call(node, group, localId, body, options.parts);
    this.take(node, group, localId, previous, body, units, options);
    this.say(node, { kind: 'settled', group, localId, seq: this.#seq });
  }

  call(
    node: string,
    group: string,
    localId: number,
    body: Body,
    parts: readonly Plain[] = [],
  ): void {
    this.say(node, { kind: 'call', group, localId, ...body });
    for (const part of parts) this.say(node, { ...part, seq: 0, localId } as Plain);
  }

  take(
    node: string,
    group: string,
    localId: number,
    previous: number,
    body: Body,
    units: Events,
    { parts = [], privileged = false }: { parts?: readonly Plain[]; privileged?: boolean } = {},
  ): void {
    const client = node.toUpperCase();
    const session = this.#sessionOf(client);
    const head = {
      command: 'submit',
      client,
      session,
      privileged,
      group,
      localId,
      previous,
    } as const;
    this.commit({ ...head, ...body }, units, parts);
  }

  join(node: string, groups: readonly string[], units: Events): void {
    const client = node.toUpperCase();
    this.commit({ command: 'join', client, session: this.#sessionOf(client), groups }, units);
  }

  follow(node: string, group: string): void {
    const followers = this.#followers.get(group);
    if (followers === undefined) this.#followers.set(group, new Set([node]));
    else followers.add(node);
  }

  unfollow(node: string, group: string): void {
    this.#followers.get(group)?.delete(node);
  }

  block(
    node: string,
    edge: 'resume_begin' | 'resume_end' | 'transfer_begin' | 'transfer_end',
    group: string,
    more: { seq?: number; after?: number; mark?: number; gap?: boolean; stateful?: boolean } = {},
  ): void {
    const { seq = this.#seq, after = 0, mark = 0, gap = false, stateful = true } = more;
    const created = edge.endsWith('begin') ? (this.created.get(group) ?? 0) : 0;
    const head = { kind: 'block', edge, purpose: 'join', scope: 'everything', request: 1 } as const;
    this.say(node, { ...head, group, created, seq, after, mark, gap, stateful });
  }

  #sessionOf(client: string): number {
    const attached = this.records.findLast((r) => r.kind === 'attached' && r.client === client);
    return attached?.kind === 'attached' ? attached.session : 0;
  }
}

/** Two positions have the same time, as happens in a fast log. */
function timeAt(seq: number): number {
  return 1_000 + Math.floor(seq / 2);
}
