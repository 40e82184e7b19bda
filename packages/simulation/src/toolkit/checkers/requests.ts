/** What is promised of requests: Q1 and Q2. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import type { History, Stay } from './history.ts';

type Asked = RecordOf<'asked'>;
type Replies = RecordOf<'replies'>;

export class AnsweredOnce extends ToolkitChecker {
  readonly property = 'Q1';
  readonly promise =
    'A request is answered at most once by each member, and the answer reaches the asker alone.';
  /** What each member answered, by asker and number. */
  readonly #answers = new Map<string, string>();

  override see(record: ToolkitRecord): void {
    if (record.kind === 'answered' && record.taken) {
      const { node, asker, number, how, data } = record;
      const key = `${node} ${asker} ${number}`;
      if (this.#answers.has(key)) {
        this.violated(`${node} answers request ${number} of ${asker} twice`, record);
      }
      this.#answers.set(key, how === 'answered' ? `answered ${data}` : 'failed ');
    }
    if (record.kind === 'replies') this.#judge(record);
  }

  #judge(record: Replies): void {
    const { node, number } = record;
    for (const reply of record.replies) {
      const [member = '', how = '', data = ''] = reply.split(' ');
      if (how !== 'answered' && how !== 'failed') continue;
      const answer = this.#answers.get(`${member} ${node} ${number}`);
      // Where the application was not told of it, the core says that it failed.
      if (answer === `${how} ${data}` || (how === 'failed' && answer === undefined)) continue;
      const text = `${member} ${how} request ${number} of ${node} with ${data}`;
      this.violated(`${text}, and it was ${answer ?? 'no answer'}`, record);
    }
  }
}

export class EverybodyCounted extends ToolkitChecker {
  readonly property = 'Q2';
  readonly promise =
    'Each member that a request was for ends up as answered, failed, gone or missing; it is over when enough have answered, or no more can.';
  readonly #asked = new Map<string, Asked>();
  readonly #givenUp = new Set<string>();
  readonly #over = new Map<string, Replies>();
  /** Who answered a request, in its member's eyes. */
  readonly #answered = new Map<string, Set<string>>();
  /** The view in which somebody was told of a request, and who. */
  readonly #views = new Map<string, number>();
  readonly #toldTo = new Map<string, string[]>();

  override see(record: ToolkitRecord, { stays }: History): void {
    switch (record.kind) {
      case 'asked':
        this.#asked.set(`${record.node} ${record.number}`, record);
        return;
      case 'told':
        if (record.form === 'request') this.#told(record, stays.get(record.node));
        return;
      case 'answered':
        if (record.taken) this.#tookAnswer(record);
        return;
      case 'gaveup':
        this.#givenUp.add(`${record.node} ${record.number}`);
        return;
      case 'replies':
        this.#judge(record);
        return;
      default:
    }
  }

  override finish(history: History): void {
    const present = new Set(history.atRest().map(({ node }) => node));
    for (const [key, replies] of this.#over) this.#judgeMembers(key, replies, history);
    for (const [key, asked] of this.#asked) {
      if (!present.has(asked.node) || this.#over.has(key)) continue;
      this.#judgeOpen(key, asked, present);
    }
  }

  #told({ message, node, view }: RecordOf<'told'>, stay: Stay | undefined): void {
    // In its first view a joiner may be told of it late.
    if (stay !== undefined && stay.views.length > 1) this.#views.set(message, view);
    const told = this.#toldTo.get(message);
    if (told === undefined) this.#toldTo.set(message, [node]);
    else told.push(node);
  }

  #tookAnswer({ node, asker, number }: RecordOf<'answered'>): void {
    const key = `${asker} ${number}`;
    const answered = this.#answered.get(key) ?? new Set();
    this.#answered.set(key, answered.add(node));
  }

  #judge(record: Replies): void {
    const key = `${record.node} ${record.number}`;
    const asked = this.#asked.get(key);
    if (asked === undefined || this.#over.has(key)) {
      this.violated(`request ${key} is over, and was not open`, record);
      return;
    }
    this.#over.set(key, record);
    const outcomes = record.replies.map((reply) => reply.split(' ')[1] ?? '');
    const answered = outcomes.filter((how) => how === 'answered').length;
    const wanted = wantedOf(asked, outcomes.length);
    const isMissing = outcomes.includes('missing');
    if (answered > wanted || (isMissing && answered < wanted && !this.#givenUp.has(key))) {
      const text = `${answered} of ${outcomes.length} answered, ${asked.need} wanted`;
      this.violated(`request ${key} is over: ${text}`, record);
    }
  }

  /** The replies are of those members that it was for, each once; who is gone is gone. */
  #judgeMembers(key: string, record: Replies, { groups }: History): void {
    const asked = this.#asked.get(key);
    const members = record.replies.map((reply) => reply.split(' ')[0] ?? '');
    const { views } = groups.get(record.group) ?? {};
    const number = this.#views.get(asked?.message ?? '');
    if (asked === undefined || number === undefined) return;
    const expected = addressees(asked, views?.get(number)?.members ?? []);
    // Given up before it had come in the order: whom it is for is not known.
    const isEarly = record.replies.every((reply) => reply.split(' ')[1] === 'missing');
    if (isEarly && this.#givenUp.has(key)) return;
    if (expected.join() !== members.join()) {
      this.violated(`request ${key} was for ${expected}, and has replies of ${members}`, record);
    }
    for (const reply of record.replies) {
      const [member = '', how] = reply.split(' ');
      if (how !== 'gone') continue;
      const isGone = [...(views ?? [])].some(
        ([later, view]) => later > number && !view.members.includes(member),
      );
      if (!isGone) this.violated(`${member} is said to be gone from request ${key}`, record);
    }
  }

  /** A request that is open in the end has somebody who was told of it and has not answered. */
  #judgeOpen(key: string, asked: Asked, present: ReadonlySet<string>): void {
    const answered = this.#answered.get(key);
    const told = this.#toldTo.get(asked.message) ?? [];
    const isWaiting = told.some((node) => present.has(node) && answered?.has(node) !== true);
    if (!isWaiting || this.#givenUp.has(key)) {
      this.violated(`request ${key} is open in the end`, asked);
    }
  }
}

function addressees({ node, to }: Asked, members: readonly string[]): readonly string[] {
  const [first] = to;
  if (first === 'all') return members;
  return members.filter((member) => (first === 'others' ? member !== node : to.includes(member)));
}

function wantedOf({ need }: Asked, asked: number): number {
  if (need === 'all') return asked;
  const wanted = need === 'first' ? 1 : Math.floor(asked / 2) + 1;
  return Math.min(asked, wanted);
}
