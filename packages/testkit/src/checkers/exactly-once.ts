/**
 * C11: what a client handed over takes effect once or never: once when it was settled, never when it was
 * refused or withdrawn, with the content that was handed over. Asked again, a server says what was said
 * first. And while a client can reach a server in the end, everything is settled, refused or withdrawn in
 * the end (E1).
 */
import { Checker } from './checker.ts';
import { causeOf, type Submitted } from './group-event.ts';
import type { History } from './history/history.ts';
import type { Call, Identity, Told } from './history/processes.ts';
import type { Logged } from './history/server-log.ts';
import type { Moment } from './replay.ts';
import type { PartFields, RecordKind, TraceRecord } from './vocabulary.ts';

/** The effects of one submission. */
type Effects = { readonly seq: number; readonly events: Logged[] };

export class ExactlyOnce extends Checker {
  readonly property = 'C11';
  readonly promise = 'What was handed over takes effect once or, if the client is told so, never.';
  override readonly sees: readonly RecordKind[] = ['sent'];
  readonly #effects = new Map<string, Effects>();
  /** What a submission that was refused at a position was refused for, as it was said first. */
  readonly #refusals = new Map<string, string>();

  override see(record: TraceRecord): void {
    if (record.kind !== 'sent' || record.message !== 'refused' || record.seq === 0) return;
    const { seq, client, localId, code } = record;
    const key = `${client}, local id ${localId} at ${seq}`;
    const first = this.#refusals.get(key) ?? code;
    this.#refusals.set(key, first);
    if (code !== first) this.violated(`${key} was refused as ${first}, and now as ${code}`, record);
  }

  override after({ step, decided }: Moment): void {
    for (const { events, group } of step.units) {
      for (const event of events) {
        const cause = causeOf(event) ?? givenUp(event, decided);
        if (cause === null) continue;
        const { client, localId } = cause;
        const isDecided = decided?.client === client && decided.localId === localId;
        // What is granted elsewhere was requested of the same group.
        const chain = isDecided ? decided.group : group;
        this.#note(`${client}, ${chain} ${localId}`, event, step.seq);
      }
    }
  }

  override finish({ processes }: History): void {
    for (const identity of processes.identities.values()) {
      if (identity.role === 'raw') continue;
      for (const call of identity.calls.values()) {
        const told = identity.told.get(call.localId) ?? [];
        this.#judge(
          call,
          told,
          this.#effects.get(`${identity.client}, ${call.group} ${call.localId}`) ?? null,
        );
      }
    }
    for (const process of processes.clients) {
      const { pending, identity, node } = process;
      if (pending === null) continue;
      if (pending.count > 0) {
        this.violated(`${node} ends with ${pending.count} pending: ${open(identity)}`, pending);
      } else if (open(identity).length > 0) {
        this.violated(`${node} forgot ${open(identity)} without a word`, pending);
      }
    }
  }

  #note(key: string, event: Logged, seq: number): void {
    const known = this.#effects.get(key);
    if (known === undefined) this.#effects.set(key, { seq, events: [event] });
    else if (known.seq === seq) known.events.push(event);
    else this.violated(`${key} took effect at ${known.seq} and again at ${seq}`, event);
  }

  #judge(call: Call, told: readonly Told[], effects: Effects | null): void {
    const what = `${call.node}, local id ${call.localId} (${call.body})`;
    // A lock request that waits is decided twice: that it waits, and what came of that.
    const [first] = call.body === 'lock_request' ? [] : told.filter(isLasting);
    for (const one of told) {
      if (first !== undefined && isLasting(one) && toldText(one) !== toldText(first)) {
        this.violated(`${what} was told "${toldText(first)}", and then "${toldText(one)}"`, one);
      }
      if (one.kind === 'refused' && one.code === 'ID_REUSED') {
        this.violated(`${what} was handed over once, and refused as another one`, one);
      }
      if (one.kind === 'settled') {
        // A lock request may wait, and a cancel or an empty change leaves no trace in the group.
        const silent = call.body === 'lock_request' || call.body === 'lock_cancel';
        if (!silent && effects?.seq !== one.seq) {
          const text = `${what} was settled at ${one.seq}, took effect ${effects?.seq ?? 'never'}`;
          this.violated(text, one);
        }
      } else if (effects !== null && !(one.kind === 'refused' && one.code === 'FORGOTTEN')) {
        this.violated(`${what} was ${one.kind}, and took effect at ${effects.seq}`, one);
      }
    }
    if (effects === null || call.body !== 'message') return;
    const got = byGroup(effects.events).map(contentOfEvent).join('; ');
    const meant = byGroup(call.parts).map(contentOfPart).join('; ');
    if (got !== meant) this.violated(`${what} was "${meant}" and became "${got}"`, call);
  }
}

/** Who leaves gives its locks up: the only effect of a leave when it was a non-member with locks. */
function givenUp(event: Logged, decided: Moment['decided']): Submitted | null {
  if (event.event !== 'lock_released' || event.cause !== 'left') return null;
  return decided?.body === 'leave' && decided.client === event.by ? decided : null;
}

/** A server that forgot what it decided may say so; anything else is said once and for all. */
function isLasting(told: Told): boolean {
  return told.kind !== 'refused' || told.code !== 'FORGOTTEN';
}

function toldText(told: Told): string {
  switch (told.kind) {
    case 'settled':
      return `settled at ${told.seq}`;
    case 'refused':
      return `refused at ${told.seq} as ${told.code}`;
    case 'withdrawn':
      return `withdrawn, ${told.why}`;
    default:
      return told satisfies never;
  }
}

/** Submissions of which the application has not heard. */
function open({ calls, told }: Identity): readonly number[] {
  return [...calls.keys()].filter((localId) => !told.has(localId));
}

/** The order of the parts holds within each group. */
function byGroup<Item extends { readonly group: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) =>
    one.group < other.group ? -1 : Number(one.group > other.group),
  );
}

function contentOfPart(part: PartFields & { readonly group: string }): string {
  switch (part.part) {
    case 'bcast':
      return `${part.group} ${part.exclusive} ${part.data}`;
    case 'obj_state':
      return `${part.group} ${part.object} ${part.update} ${part.data}`;
    case 'group_state':
      return `${part.group} ${part.objects} ${part.contents}`;
    default:
      return part satisfies never;
  }
}

function contentOfEvent(event: Logged): string {
  switch (event.event) {
    case 'bcast':
      return `${event.group} ${event.exclusive} ${event.data}`;
    case 'obj_state':
      return `${event.group} ${event.object} ${event.update} ${event.data}`;
    case 'group_state':
      return `${event.group} ${event.objects} ${event.contents}`;
    default:
      return event.event;
  }
}
