/** B1: the replicated map is linearizable, key by key. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { judgeLinearizability, type Model, type Operation } from './linearizability.ts';

type Invoked = RecordOf<'invoked'>;
type Responded = RecordOf<'responded'>;

type Action = { readonly invoked: Invoked; readonly responded: Responded | null };

/** An entry; a version of null is one that nobody was told. */
type State = {
  readonly value: string;
  readonly version: number | null;
  /** The largest version that the key has had. */
  readonly versionMax: number;
} & { readonly isThere: boolean };

const nothing: State = { isThere: false, value: '', version: 0, versionMax: 0 };

export class LinearizableMap extends ToolkitChecker {
  readonly property = 'B1';
  readonly promise =
    'Each operation on a key of the map takes effect at one moment between its call and its answer.';
  readonly #invoked = new Map<string, Invoked>();
  readonly #responded = new Map<string, Responded>();
  /** The message of each call that was handed over, and messages of which anybody was told. */
  readonly #carriers = new Map<string, string>();
  readonly #told = new Set<string>();

  override see(record: ToolkitRecord): void {
    if (record.kind === 'invoked') this.#invoked.set(record.call, record);
    if (record.kind === 'carried') this.#carriers.set(record.call, record.message);
    if (record.kind === 'told') this.#told.add(record.message);
    if (record.kind !== 'responded') return;
    if (!this.#invoked.has(record.call) || this.#responded.has(record.call)) {
      this.violated(`${record.call} is answered, and was not open`, record);
    }
    this.#responded.set(record.call, record);
  }

  override finish(): void {
    const versions = this.#versions();
    for (const [key, operations] of this.#byKey()) {
      const group = operations[0]?.action.invoked.group ?? 0;
      const verdict = judgeLinearizability(operations, modelOf(versions.get(group) ?? new Map()));
      if (verdict === 'linearizable') continue;
      this.violated(`the ${operations.length} operations on ${key} are ${verdict}`);
    }
  }

  /** The version of each value that somebody was told, by the group. */
  #versions(): ReadonlyMap<number, ReadonlyMap<string, number>> {
    const groups = new Map<number, Map<string, number>>();
    for (const { group, value, version } of this.#responded.values()) {
      if (value === '') continue;
      const versions = groups.get(group) ?? new Map();
      groups.set(group, versions.set(value, version));
    }
    return groups;
  }

  #byKey(): ReadonlyMap<string, Operation<Action>[]> {
    const keys = new Map<string, Operation<Action>[]>();
    for (const [call, invoked] of this.#invoked) {
      const responded = this.#responded.get(call) ?? null;
      // What has no answer took no effect if nobody was told of it; nor does a read.
      const isTold = this.#told.has(this.#carriers.get(call) ?? '');
      if (responded === null && (!isTold || invoked.operation === 'read')) continue;
      const key = `${invoked.group} ${invoked.key}`;
      const operation = {
        action: { invoked, responded },
        invokedAt: invoked.t,
        respondedAt: responded?.t ?? Infinity,
      };
      const before = keys.get(key);
      if (before === undefined) keys.set(key, [operation]);
      else before.push(operation);
    }
    return keys;
  }
}

function modelOf(versions: ReadonlyMap<string, number>): Model<Action, State> {
  return {
    initial: nothing,
    step: (state, action) => step(state, action, versions),
    text: ({ value, version, versionMax }) => `${value} ${version} ${versionMax}`,
    // Sets that took effect, by the versions of their entries.
    rank: ({ invoked, responded }) =>
      responded?.applied === true ? (versions.get(invoked.value) ?? null) : null,
  };
}

function step(
  state: State,
  { invoked, responded }: Action,
  versions: ReadonlyMap<string, number>,
): State | null {
  switch (invoked.operation) {
    case 'read':
      return isAnswer(state, true, responded) ? state : null;
    case 'delete':
      if (!state.isThere) return isAnswer(state, false, responded) ? state : null;
      return isAnswer(nothing, true, responded)
        ? { ...nothing, versionMax: state.versionMax }
        : null;
    case 'set-if':
      if (isVersion(state, invoked.version, versions)) {
        return set(state, invoked, responded, versions);
      }
      return isAnswer(state, false, responded) ? state : null;
    case 'set':
      return set(state, invoked, responded, versions);
    default:
      return invoked.operation satisfies never;
  }
}

/** Whether the entry has the version. One that no answer named may have been learnt from the state, and is then no other's. */
function isVersion(
  { version, versionMax }: State,
  wanted: number,
  versions: ReadonlyMap<string, number>,
): boolean {
  if (version !== null) return version === wanted;
  return wanted > versionMax && ![...versions.values()].includes(wanted);
}

function set(
  state: State,
  { value }: Invoked,
  responded: Responded | null,
  versions: ReadonlyMap<string, number>,
): State | null {
  const version = versions.get(value) ?? null;
  if (version !== null && version <= state.versionMax) return null;
  const next = {
    isThere: true,
    value,
    version,
    versionMax: Math.max(state.versionMax, version ?? 0),
  };
  return isAnswer(next, true, responded) ? next : null;
}

/** Whether the operation could have answered so; one without an answer could. */
function isAnswer(
  { isThere, value, version }: State,
  applied: boolean,
  responded: Responded | null,
): boolean {
  if (responded === null) return true;
  if (responded.applied !== applied) return false;
  return isThere
    ? responded.value === value && responded.version === version
    : responded.value === '' && responded.version === 0;
}
