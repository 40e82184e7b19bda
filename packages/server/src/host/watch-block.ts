/** A watch or a read: which block answers it depends on the group at the moment when it begins. */
import type { FromClient, Position } from '@choir/protocol';
import type { Block } from './block.ts';
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import { ResumeBlock } from './resume-block.ts';
import type { Session } from './session.ts';
import { TransferBlock } from './transfer-block.ts';

type Watch = Extract<FromClient, { kind: 'watch' }>;
type Read = Extract<FromClient, { kind: 'read_state' }>;

export class WatchBlock implements Block {
  readonly #context: FeedContext;
  readonly #session: Session;
  readonly #request: Watch | Read;
  #inner: Block | null = null;

  constructor(context: FeedContext, session: Session, request: Watch | Read) {
    this.#context = context;
    this.#session = session;
    this.#request = request;
  }

  advance(): boolean {
    this.#inner ??=
      this.#request.kind === 'watch' ? this.#watch(this.#request) : this.#read(this.#request);
    return this.#inner.advance();
  }

  abandon(): void {
    this.#inner?.abandon();
  }

  #watch({ requestId, group: name, scope, created, after }: Watch): Block {
    const { service, streams, log } = this.#context;
    this.#session.watches.set(name, scope);
    streams.watch(name, this.#session);
    const stream = this.#stream(name);
    if (stream !== null && after !== undefined && isWithin(stream, created, after)) {
      const mark = this.#mark(name);
      const keptSince = service.floor(stream.id);
      if (after.seq >= keptSince.seq) {
        const resumption = { requestId, stream, at: log.head, after, mark, as: scope };
        return new ResumeBlock(this.#context, this.#session, resumption);
      }
      if (created === 0 && scope === 'everything') {
        const answer = { requestId, name, stream, gap: true, mark, as: scope, objects: null };
        return new TransferBlock(this.#context, this.#session, { ...answer, keptSince });
      }
    }
    return new TransferBlock(this.#context, this.#session, {
      requestId,
      name,
      stream,
      gap: after !== undefined,
      mark: this.#mark(name),
      as: scope,
      objects: null,
    });
  }

  #read({ requestId, group: name, objects }: Read): Block {
    return new TransferBlock(this.#context, this.#session, {
      requestId,
      name,
      stream: this.#stream(name),
      gap: false,
      mark: this.#mark(name),
      as: 'reader',
      objects: objects.length === 0 ? null : objects,
    });
  }

  #stream(name: Watch['group']): GroupStream | null {
    const { service, streams, log } = this.#context;
    const id = service.groupNamed(name);
    return id === null ? null : streams.open(id, name, log.head.seq);
  }

  #mark(name: Watch['group']): number {
    return this.#context.service.mark(this.#session.client, name);
  }
}

/** Who saw no group of that name up to `after` resumes with all of what began later. */
function isWithin(stream: GroupStream, created: number, after: Position): boolean {
  const sawNone = created === 0 && after.seq < (stream.createdAt ?? 1);
  return sawNone || created === stream.id;
}
