/** A block for a session that was here before: everything of a group since then (paper §7.2, M). */
import type { Position } from '@choir/protocol';
import type { Block } from './block.ts';
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import { Passage } from './passage.ts';
import type { Session } from './session.ts';
import type { Scope } from './subscription.ts';

export type Resumption = {
  readonly requestId: number;
  readonly stream: GroupStream;
  /** Position of the join or of the request. */
  readonly at: Position;
  readonly after: Position;
  readonly mark: number;
  /** As a member it gets everything. */
  readonly as: 'member' | Scope;
};

export class ResumeBlock implements Block {
  readonly #context: FeedContext;
  readonly #session: Session;
  readonly #resumption: Resumption;
  /** Where the block ends and the stream goes on; settled when it begins. */
  #upTo: Position | null = null;
  #passage: Passage | null = null;

  constructor(context: FeedContext, session: Session, resumption: Resumption) {
    this.#context = context;
    this.#session = session;
    this.#resumption = resumption;
    resumption.stream.holds += 1;
  }

  advance(): boolean {
    const { connection } = this.#session;
    this.#passage ??= this.#begin();
    if (!this.#passage.advance()) return false;
    const { requestId, stream } = this.#resumption;
    const at = this.#upTo ?? this.#context.log.head;
    connection.send({ kind: 'resume_end', requestId, group: stream.name, at });
    this.abandon();
    return true;
  }

  abandon(): void {
    this.#resumption.stream.holds -= 1;
    this.#context.streams.released(this.#resumption.stream);
  }

  #begin(): Passage {
    const { requestId, stream, at, after, mark, as } = this.#resumption;
    const { head } = this.#context.log;
    const end = as === 'member' ? this.#session.endOfMembership(stream) : null;
    const upTo = end === null ? head : { epoch: head.epoch, seq: end };
    this.#upTo = upTo;
    if (end === null) this.#session.follow(stream, as, head.seq);
    else this.#session.skip(stream, end);
    const { id: created, name: group } = stream;
    this.#session.connection.send({
      kind: 'resume_begin',
      requestId,
      group,
      created,
      at,
      after,
      mark,
    });
    return new Passage(this.#context, this.#session, {
      stream,
      after: after.seq,
      upTo: upTo.seq,
      scope: as === 'member' ? 'everything' : as,
    });
  }
}
