/**
 * A block with the state of a group: what answers a first join, a watch from the present and a read
 * (paper §3.3). The state is that of the moment when the block begins; what comes later follows it.
 */
import type { GroupName, ObjectId, Position } from '@choir/protocol';
import type { Block } from './block.ts';
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import { Passage } from './passage.ts';
import type { Session } from './session.ts';
import type { Scope } from './subscription.ts';
import { TransferContent } from './transfer-content.ts';
import { bygonePlan, emptyPlan, planOf, type TransferPlan } from './transfer-plan.ts';

export type Transfer = {
  readonly requestId: number;
  readonly name: GroupName;
  /** Null when there is no such group. */
  readonly stream: GroupStream | null;
  readonly gap: boolean;
  readonly mark: number;
  readonly as: 'member' | 'reader' | Scope;
  /** For who reads a log from its beginning, which is not kept: no state, and all that is kept. */
  readonly keptSince?: Position;
  /** Whose content is sent; null for all. */
  readonly objects: readonly ObjectId[] | null;
};

type Begun = {
  readonly plan: TransferPlan;
  readonly content: TransferContent | null;
  /** Deliveries of the block: the end of a membership that was over before it, or all that is kept. */
  readonly passage: Passage | null;
  ended: boolean;
};

export class TransferBlock implements Block {
  readonly #context: FeedContext;
  readonly #session: Session;
  readonly #transfer: Transfer;
  #begun: Begun | null = null;

  constructor(context: FeedContext, session: Session, transfer: Transfer) {
    this.#context = context;
    this.#session = session;
    this.#transfer = transfer;
    if (transfer.stream !== null) transfer.stream.holds += 1;
  }

  advance(): boolean {
    this.#begun ??= this.#begin();
    const { plan, content, passage } = this.#begun;
    if (content !== null && !this.#sendObjects(content)) return false;
    if (!this.#begun.ended) {
      this.#begun.ended = true;
      const { requestId, name: group } = this.#transfer;
      this.#session.connection.send({ kind: 'transfer_end', requestId, group, at: plan.asOf });
    }
    if (passage !== null && !passage.advance()) return false;
    this.abandon();
    return true;
  }

  abandon(): void {
    const { stream } = this.#transfer;
    if (stream === null) return;
    stream.holds -= 1;
    this.#context.streams.released(stream);
  }

  #begin(): Begun {
    const { requestId, name, stream, gap, mark, as, keptSince } = this.#transfer;
    const isJoin = stream !== null && as === 'member';
    const end = isJoin ? this.#session.endOfMembership(stream) : null;
    const plan = this.#plan(end);
    const { stateful, absenceMs, properties, members, locks } = plan.description;
    this.#session.connection.send({
      kind: 'transfer_begin',
      requestId,
      purpose: purposeOf(as),
      group: name,
      created: plan.created,
      at: plan.asOf,
      gap,
      mark,
      stateful,
      absenceMs,
      properties,
      members,
      locks,
    });
    if (stream === null) return { plan, content: null, passage: null, ended: false };
    if (end !== null) {
      return { plan, content: null, passage: this.#endingOf(stream, end), ended: false };
    }
    if (keptSince !== undefined && as !== 'reader' && as !== 'member') {
      return { plan, content: null, passage: this.#kept(stream, keptSince, as), ended: false };
    }
    if (as !== 'reader') this.#session.follow(stream, as, plan.asOf.seq);
    // A watcher keeps no objects; it reads them when it wants them.
    const refs = as === 'member' || as === 'reader' ? plan.refs : [];
    const content = new TransferContent(this.#context, this.#session, { stream, refs });
    return { plan, content, passage: null, ended: false };
  }

  #plan(end: number | null): TransferPlan {
    const { service, streams, log } = this.#context;
    const { stream, objects, keptSince } = this.#transfer;
    if (stream === null) return emptyPlan(log.head);
    if (keptSince !== undefined) return { ...emptyPlan(keptSince), created: stream.id };
    if (end !== null) return bygonePlan(stream, end, log.head);
    const plan = streams.plan(stream, () => planOf(service, stream, log.head));
    return objects === null ? plan : { ...plan, refs: service.content(stream.id, objects) };
  }

  /** Everything that is kept, up to now; the stream goes on behind it. */
  #kept(stream: GroupStream, { seq: after }: Position, scope: Scope): Passage {
    const { seq: upTo } = this.#context.log.head;
    this.#session.follow(stream, scope, upTo);
    return new Passage(this.#context, this.#session, { stream, after, upTo, scope });
  }

  /** The delivery that tells how the membership ended. */
  #endingOf(stream: GroupStream, end: number): Passage {
    this.#session.skip(stream, end);
    const range = { stream, after: end - 1, upTo: end, scope: 'everything' } as const;
    return new Passage(this.#context, this.#session, range);
  }

  /** False when it has to wait for room or for rows. */
  #sendObjects(content: TransferContent): boolean {
    const { requestId, name: group } = this.#transfer;
    while (!content.done) {
      if (this.#session.connection.room <= 0) return false;
      const updates = content.chunk();
      if (updates.length === 0) return content.done;
      this.#session.connection.send({ kind: 'transfer_objects', requestId, group, updates });
    }
    return true;
  }
}

function purposeOf(as: Transfer['as']): 'join' | 'watch' | 'read' {
  if (as === 'member') return 'join';
  return as === 'reader' ? 'read' : 'watch';
}
