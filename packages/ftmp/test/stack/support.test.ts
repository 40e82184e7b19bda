/** Whether those who agree on the next configuration are enough: a quorum of every view that may be installed somewhere (A3). */
import { expect, test } from 'vitest';
import { checked, defaultSettings, type ProcessorId, processorId } from '../../src/index.ts';
import { GroupState } from '../../src/stack/group-state.ts';
import { GroupSituation } from '../../src/stack/situation.ts';
import { group } from './cluster.ts';

const [a, b, c] = [1, 2, 3].map((number) => processorId(number, 7)) as [
  ProcessorId,
  ProcessorId,
  ProcessorId,
];
const present = { timestamp: 5, processor: a };
/** The view that the removal of `c` makes, which is pending. */
const next = { timestamp: 20, processor: c };

/** In a view of three, one of which is about to leave. */
function situation(): GroupSituation {
  const state = new GroupState(
    group,
    {
      self: b,
      address: new Uint8Array(1),
      settings: defaultSettings,
      envelope: checked,
      random: () => 0.5,
      fansOut: false,
      firstSequence: 0,
      firstTimestamp: 0,
      observe: () => {},
    },
    [],
  );
  state.setMembers([a, b, c]);
  state.view = present;
  const counters = { sequence: 1, timestamp: next.timestamp, ack: 0 };
  const body = { type: 'removeProcessor', member: c } as const;
  state.changes.push({ source: c, ...counters, safe: false, body, bytes: new Uint8Array(1) });
  return new GroupSituation(state, () => false);
}

const acks = (...of: readonly (readonly [ProcessorId, number])[]): Map<ProcessorId, number> =>
  new Map(of);

test('two of three are enough', () => {
  expect(situation().support(acks([a, 10], [b, 10]), present)).toEqual({ kind: 'enough' });
  expect(situation().support(acks([a, 20], [b, 20]), next)).toEqual({ kind: 'enough' });
});

test('one of them is short of the present view', () => {
  const short = { kind: 'short', view: [a, b, c] };
  expect(situation().support(acks([b, 10]), present)).toEqual(short);
});

test('who has acknowledged a change has to be enough for the view that it makes, too', () => {
  const short = { kind: 'short', view: [a, b] };
  expect(situation().support(acks([b, 20], [c, 20]), present)).toEqual(short);
  expect(situation().support(acks([b, 20], [c, 19]), present)).toEqual({ kind: 'enough' });
});

test('who has not come to a view that somebody has installed is behind, and cannot tell', () => {
  const later = { timestamp: 30, processor: a };
  expect(situation().support(acks([a, 20], [b, 20], [c, 20]), later)).toEqual({ kind: 'behind' });
});
