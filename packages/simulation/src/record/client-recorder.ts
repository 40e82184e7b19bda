/**
 * What a client process is sent, and what its session tells the application, as records.
 */
import type { Copy, SessionEvent } from '@choir/client/session';
import type {
  FromClient,
  FromServer,
  GroupName,
  LockInfo,
  MemberInfo,
  SubmissionBody,
} from '@choir/protocol';
import { contentText } from '@choir/testkit/checkers';
import { recorded } from './group-events.ts';
import { payloadText } from './payload.ts';
import type { Recorder } from './recorder.ts';
import { bodyOf, partFields, partsOf } from './submissions.ts';

type Scope = 'everything' | 'members';
/** What was asked for under a request id. */
type Asked = {
  /** Groups that were left in the middle of their block: the rest of it means nothing. */
  readonly dropped: Set<GroupName>;
  readonly purpose: 'join' | 'watch' | 'read';
  readonly scope: Scope;
  readonly group: GroupName | null;
};
type BlockMessage = Extract<FromServer, { kind: `resume_${string}` | `transfer_${string}` }>;

export class ClientRecorder {
  readonly recorder: Recorder;
  readonly #asked = new Map<number, Asked>();
  readonly #submitted = new Set<number>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** A message on its way to the server: the answers to requests name them by number only. */
  said(message: FromClient): void {
    switch (message.kind) {
      case 'hello':
        this.#asked.clear();
        return;
      case 'join':
        this.#asked.set(message.requestId, {
          purpose: 'join',
          scope: 'everything',
          group: null,
          dropped: new Set(),
        });
        return;
      case 'submit': {
        const { group, localId } = message;
        if (this.#submitted.has(localId)) return;
        this.#submitted.add(localId);
        this.recorder.record('submitted', { group, localId });
        return;
      }
      case 'watch': {
        const { requestId, scope, group } = message;
        this.#asked.set(requestId, { purpose: 'watch', scope, group, dropped: new Set() });
        return;
      }
      case 'read_state':
        this.#asked.set(message.requestId, {
          purpose: 'read',
          scope: 'everything',
          group: null,
          dropped: new Set(),
        });
        return;
      case 'unwatch':
        // What still comes of the watch means nothing to the client any more.
        for (const [id, { group }] of this.#asked) {
          if (group === message.group) this.#asked.delete(id);
        }
        return;
      default:
    }
  }

  call(group: string, localId: number, body: SubmissionBody): void {
    this.recorder.record('call', { group, localId, ...bodyOf(body) });
    for (const [index, part] of partsOf(body).entries()) {
      const head = { seq: 0, localId, index, group: part.group };
      this.recorder.record('part', { ...head, ...partFields(part) });
    }
  }

  /** A message as it arrives, before the session has seen it: blocks only, the rest is told. */
  arrived(message: FromServer): void {
    switch (message.kind) {
      case 'resume_begin':
      case 'resume_end':
      case 'transfer_begin':
      case 'transfer_objects':
      case 'transfer_end': {
        const asked = this.#asked.get(message.requestId);
        if (asked !== undefined && !asked.dropped.has(message.group)) this.#block(message, asked);
        return;
      }
      default:
    }
  }

  told(event: SessionEvent): void {
    switch (event.kind) {
      case 'connection':
        this.recorder.record('connection', { state: event.state });
        return;
      case 'attached':
        this.recorder.record('attached', { client: event.clientId, session: event.session });
        return;
      case 'joined':
        this.recorder.record('joined', {
          group: event.group,
          scope: event.scope,
          seq: event.at.seq,
        });
        return;
      case 'rejoined': {
        const { group, scope, at, conflicts, discarded, gap } = event;
        const counts = { conflicts: conflicts.length, discarded: discarded.length };
        this.recorder.record('rejoined', { group, scope, seq: at.seq, ...counts, gap });
        return;
      }
      case 'reset':
        this.recorder.record('reset', { group: event.group });
        return;
      case 'join_refused':
        if (event.retrying) return;
        for (const group of event.groups) this.recorder.record('left', { group, why: event.code });
        return;
      case 'left':
        for (const { purpose, dropped } of this.#asked.values()) {
          if (purpose === 'join') dropped.add(event.group);
        }
        this.recorder.record('left', { group: event.group, why: event.why });
        return;
      case 'message':
        this.#delivered(event);
        return;
      case 'settled':
        this.recorder.record('settled', {
          group: event.group,
          localId: event.localId,
          seq: event.at.seq,
        });
        return;
      case 'refused': {
        const { group, localId, at, code } = event;
        this.recorder.record('refused', { group, localId, seq: at?.seq ?? 0, code });
        return;
      }
      case 'withdrawn': {
        const { group, localId, why } = event;
        this.recorder.record('withdrawn', { group, localId, why });
        return;
      }
      case 'lock': {
        const { group, request, lockSet, state, objects } = event;
        const ids = { request: request ?? 0, lockSet: lockSet ?? 0 };
        this.recorder.record('lock', { group, ...ids, state, objects });
        return;
      }
      case 'volatile': {
        const { group, senderId: sender, data } = event;
        this.recorder.record('volatile', { group, sender, data: payloadText(data) });
        return;
      }
      case 'violation':
        this.recorder.record('violation', { message: event.message });
        return;
      default:
    }
  }

  copy(group: GroupName, scope: Scope, copy: Copy): void {
    this.recorder.record('copy', { group, scope });
    for (const [object, updates] of copy.objects.all) {
      const data = contentText(updates.map((update) => payloadText(update.data)));
      this.recorder.record('content', { group, object, data });
    }
    const properties = [...copy.properties].map(([name, value]) => ({ name, value }));
    this.#picture(group, [...copy.members.values()], [...copy.locks.values()], properties);
  }

  #block(message: BlockMessage, { purpose, scope }: Asked): void {
    const { requestId: request, group } = message;
    switch (message.kind) {
      case 'transfer_objects':
        for (const { object, update, at, data } of message.updates) {
          this.recorder.record('update', { group, object, update, at, data: payloadText(data) });
        }
        return;
      case 'resume_begin': {
        const { created, at, after, mark } = message;
        const place = { created, seq: at.seq, after: after.seq, mark };
        const head = { edge: message.kind, purpose, scope, request, group };
        this.recorder.record('block', { ...head, ...place, gap: false, stateful: false });
        return;
      }
      case 'transfer_begin': {
        const { created, at, mark, gap, stateful, members, locks, properties } = message;
        const head = { edge: message.kind, purpose, scope, request, group };
        const place = { created, seq: at.seq, after: 0, mark, gap, stateful };
        this.recorder.record('block', { ...head, ...place });
        this.#picture(group, members, locks, properties);
        return;
      }
      default: {
        const head = { edge: message.kind, purpose, scope, request, group };
        const rest = { created: 0, after: 0, mark: 0, gap: false, stateful: false };
        this.recorder.record('block', { ...head, seq: message.at.seq, ...rest });
      }
    }
  }

  #picture(
    group: GroupName,
    members: readonly MemberInfo[],
    locks: readonly LockInfo[],
    properties: readonly { readonly name: string; readonly value: string }[],
  ): void {
    for (const { clientId: client, name, status } of members) {
      this.recorder.record('member', { group, client, name, status });
    }
    for (const { senderId: holder, lockSet, objects, graceMs } of locks) {
      this.recorder.record('held', { group, holder, lockSet, objects, graceMs });
    }
    for (const property of properties) this.recorder.record('property', { group, ...property });
  }

  #delivered({ group, at, time, events }: Extract<SessionEvent, { kind: 'message' }>): void {
    const head = { group, seq: at.seq, time, of: events.length };
    for (const [index, event] of events.entries()) {
      this.recorder.record('delivered', { ...head, index, ...recorded(event) });
    }
  }
}
