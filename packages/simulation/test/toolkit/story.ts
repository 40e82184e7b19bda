/** A short run, told by hand, in which nothing is wrong; tests plant something in it. */
import type { ToolkitViolation } from '../../src/toolkit/checkers/checker.ts';
import { ToolkitJudge } from '../../src/toolkit/checkers/judge.ts';
import type { RecordKind, Records, ToolkitRecord } from '../../src/toolkit/vocabulary.ts';

export const [ann, bob] = ['1.0000000a', '2.0000000b'];
const ground = '5/1.0000000a';

type Told = Records['told'];
type View = Records['view'];

/** A view of both in which nothing changes. */
export function viewOf(view: number): View {
  return {
    group: 1,
    view,
    count: 0,
    state: `${view}:0`,
    members: [ann, bob],
    labels: ['member 1', 'member 2'],
    holders: [ann],
    observers: [],
    joined: [],
    returned: [],
    left: [],
    excluded: [],
  };
}

export class Story {
  readonly records: ToolkitRecord[] = [];
  #t = 0;

  add<Kind extends RecordKind>(node: string, kind: Kind, fields: Records[Kind]): this {
    this.#t += 1;
    // The fields of a kind with the kind: what the vocabulary calls a record.
    this.records.push({ t: this.#t, node, kind, ...fields } as unknown as ToolkitRecord);
    return this;
  }

  /** Both are there, have the state, and are in view 2. */
  begin(): this {
    for (const [node, processor] of [
      [ann, 1],
      [bob, 2],
    ] as const) {
      this.add(node, 'started', { processor, label: `member ${processor}`, observes: false });
      const members = [ann, bob];
      this.add(node, 'installed', { group: 1, ground, cause: 'added', members });
    }
    this.view(ann, { view: 1, members: [ann], labels: ['member 1'], joined: [ann] });
    this.view(ann, {});
    this.add(bob, 'restored', { group: 1, view: 2, count: 0, state: '2:0', taken: true });
    return this.view(bob, {});
  }

  view(node: string, change: Partial<View>): this {
    const view = change.view ?? 2;
    return this.add(node, 'view', { ...viewOf(view), joined: [bob], ...change });
  }

  said(node: string, change: Partial<Records['said']> = {}): this {
    return this.add(node, 'said', {
      group: 1,
      view: 2,
      count: 0,
      message: `${node}/1`,
      form: 'multicast',
      channel: 'journal',
      to: [],
      safe: false,
      data: 'd',
      ...change,
    });
  }

  told(node: string, change: Partial<Told> = {}): this {
    const count = change.count ?? 1;
    const message = change.message ?? `${ann}/1`;
    return this.add(node, 'told', {
      group: 1,
      view: 2,
      count,
      state: `2:${count}`,
      message,
      sender: message.slice(0, message.lastIndexOf('/')),
      form: 'multicast',
      channel: 'journal',
      data: 'd',
      holders: [ann, bob],
      ...change,
    });
  }

  /** The end, at rest. */
  end(): this {
    this.add('world', 'stable', { group: 1, processors: ['p1', 'p2'] });
    return this.add('world', 'phase', { phase: 'quiet' });
  }

  get violations(): readonly ToolkitViolation[] {
    const judge = new ToolkitJudge();
    for (const record of this.records) judge.see(record);
    return judge.finish();
  }

  /** The properties that are violated. */
  get violated(): readonly string[] {
    return [...new Set(this.violations.map(({ property }) => property))].sort();
  }
}
