/** What is promised of the state and of its transfer: T1 to T4; T5 is in `pieces.ts`. */
import { piecesUnderWayMax } from '@choir/process-group/core';
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { type History, placeText, type Stay } from './history.ts';

type WithState = RecordOf<'view' | 'told' | 'snapshot' | 'restored' | 'copy'>;

export class SameState extends ToolkitChecker {
  readonly property = 'T1';
  readonly promise =
    'The state at one place in the order is the same for all, for those too who were given it.';
  readonly #states = new Map<string, string>();

  override see(record: ToolkitRecord, history: History): void {
    if (history.stays.get(record.node)?.observes === true) return;
    if (hasState(record) && history.isShared(record)) this.#judge(record);
  }

  override finish(history: History): void {
    const places = new Set<string>();
    for (const { view } of history.atRest()) {
      if (view !== null) places.add(`view ${view.view}`);
    }
    if (places.size > 1) this.violated(`in the end members stand in ${[...places]}`);
  }

  #judge(record: WithState): void {
    const place = `${record.group} ${placeText(record)}`;
    const { node, state } = record;
    const first = this.#states.get(place);
    if (first === undefined) this.#states.set(place, state);
    else if (first !== state) {
      this.violated(`the state of ${node} at ${place} is ${state}, others have ${first}`, record);
    }
  }
}

export class NobodyWaits extends ToolkitChecker {
  readonly property = 'T2';
  readonly promise = 'Few pieces of a state are under way, so that the others do not wait for it.';

  override see(record: ToolkitRecord): void {
    // That a provider failed is none of the pieces that are counted.
    if (record.kind !== 'part' || record.underWay <= 2 * piecesUnderWayMax) return;
    this.violated(`${record.underWay} pieces are under way from ${record.node}`, record);
  }
}

export class EverybodyGetsIt extends ToolkitChecker {
  readonly property = 'T3';
  readonly promise =
    'As long as a holder of the state is in the view, everybody there gets it in the end.';

  override finish(history: History): void {
    const present = history.atRest();
    if (!present.some(holdsState)) return;
    for (const stay of present.filter(({ views }) => views.length === 0)) {
      this.violated(`${stay.node} is in no view in the end`, stay.grounds.at(-1) ?? null);
    }
  }
}

export class StateLost extends ToolkitChecker {
  readonly property = 'T4';
  readonly promise =
    'When nobody in the view holds the state all are told so, and not when somebody does.';
  readonly #lost: { readonly record: RecordOf<'state-lost'>; readonly ground: string }[] = [];
  readonly #told = new Set<string>();

  override see(record: ToolkitRecord, { stays }: History): void {
    if (record.kind !== 'state-lost') return;
    this.#told.add(record.node);
    const ground = stays.get(record.node)?.grounds.at(-1)?.ground;
    if (ground === undefined) this.violated(`${record.node} lost what it never joined`, record);
    else this.#lost.push({ record, ground });
  }

  override finish(history: History): void {
    for (const { record, ground } of this.#lost) {
      for (const stay of history.stays.values()) {
        if (stay.group !== record.group || !heldIn(stay, ground)) continue;
        this.violated(`${record.node} is told that it is lost, and ${stay.node} holds it`, record);
      }
    }
    const present = history.atRest();
    if (present.some(holdsState)) return;
    for (const { node, grounds } of present) {
      if (this.#told.has(node)) continue;
      this.violated(`${node} waits for a state that nobody has`, grounds.at(-1) ?? null);
    }
  }
}

function hasState(record: ToolkitRecord): record is WithState {
  switch (record.kind) {
    case 'view':
    case 'told':
    case 'snapshot':
      return true;
    case 'restored':
      return record.taken;
    case 'copy':
      return record.holds;
    default:
      return false;
  }
}

function holdsState({ views, observes }: Stay): boolean {
  return views.length > 0 && !observes;
}

/** Whether it held the state in a view of FTMP, at any time. */
function heldIn({ views, grounds, end, observes }: Stay, ground: string): boolean {
  if (observes) return false;
  const at = grounds.findIndex((one) => one.ground === ground);
  const since = views[0]?.t;
  if (at === -1 || since === undefined) return false;
  const until = grounds[at + 1]?.t ?? end?.t ?? Infinity;
  return since < until;
}
