/** Verb × request: with one verb granted, exactly the requests go through that need it (A5). */
import {
  type FromClient,
  localId,
  lockSetId,
  type Part,
  type SubmissionBody,
} from '@choir/protocol';
import { Capabilities, lackOf, type Verb, verbs } from '@choir/server/host';
import { describe, expect, it, test } from 'vitest';
import { nameOf, objectOf } from '../names.ts';

const group = nameOf('team/room');
const data = new Uint8Array(1);

type Case<Request> = { readonly needs: Verb | null; readonly request: Request };

const parts: { readonly [K in Part['kind']]: Case<Extract<Part, { kind: K }>> } = {
  bcast: { needs: 'broadcast', request: { kind: 'bcast', group, exclusive: false, data } },
  obj_state: {
    needs: 'state',
    request: {
      kind: 'obj_state',
      group,
      object: objectOf('plan'),
      update: 'NEW',
      base: 0,
      fence: 0,
      data,
    },
  },
  group_state: {
    needs: 'checkpoint',
    request: { kind: 'group_state', group, base: 0, objects: [] },
  },
};

type BodyKind = Exclude<SubmissionBody['kind'], 'message'>;

const bodies: { readonly [K in BodyKind]: Case<Extract<SubmissionBody, { kind: K }>> } = {
  lock_request: {
    needs: 'lock',
    request: { kind: 'lock_request', objects: [], wait: true, graceMs: 0 },
  },
  lock_release: {
    needs: null,
    request: { kind: 'lock_release', lockSet: lockSetId(1), objects: [] },
  },
  lock_cancel: { needs: null, request: { kind: 'lock_cancel', request: localId(1) } },
  lock_break: {
    needs: 'break',
    request: { kind: 'lock_break', lockSet: lockSetId(1), reason: '' },
  },
  leave: { needs: null, request: { kind: 'leave' } },
  rename: { needs: 'join', request: { kind: 'rename', name: 'Ann' as never } },
  properties: { needs: 'state', request: { kind: 'properties', properties: [] } },
  create: {
    needs: 'state',
    request: { kind: 'create', stateful: true, absenceMs: 0, properties: [] },
  },
  delete: { needs: 'admin', request: { kind: 'delete' } },
};

type RequestKind = Exclude<FromClient['kind'], 'submit'>;

const others: { readonly [K in RequestKind]: Case<Extract<FromClient, { kind: K }>> } = {
  hello: { needs: null, request: { kind: 'hello', version: 1, secret: data, agent: '' } },
  credentials: { needs: null, request: { kind: 'credentials', token: '' } },
  join: {
    needs: 'join',
    request: {
      kind: 'join',
      requestId: 1,
      groups: [{ group, name: 'Ann' as never, created: 0 }],
    },
  },
  watch: {
    needs: 'watch',
    request: { kind: 'watch', requestId: 1, group, scope: 'everything', created: 0 },
  },
  unwatch: { needs: null, request: { kind: 'unwatch', group } },
  read_state: {
    needs: 'watch',
    request: { kind: 'read_state', requestId: 1, group, objects: [] },
  },
  volatile: { needs: 'broadcast', request: { kind: 'volatile', group, data } },
  status: { needs: null, request: { kind: 'status', requestId: 1 } },
  ping: { needs: null, request: { kind: 'ping', nonce: 1 } },
  bye: { needs: null, request: { kind: 'bye' } },
};

function submitted(body: SubmissionBody): FromClient {
  return { kind: 'submit', group, localId: localId(1), previous: 0, body };
}

const matrix: readonly Case<FromClient>[] = [
  ...Object.values(others),
  ...Object.values(bodies).map(({ needs, request }) => ({ needs, request: submitted(request) })),
  ...Object.values(parts).map(({ needs, request }) => {
    return { needs, request: submitted({ kind: 'message', parts: [request] }) };
  }),
];

function nameOfCase({ request }: Case<FromClient>): string {
  if (request.kind !== 'submit') return request.kind;
  const { body } = request;
  return body.kind === 'message' ? `part ${body.parts[0]?.kind}` : body.kind;
}

describe.each(verbs)('with "%s" granted', (verb) => {
  const here = new Capabilities([{ groups: 'team/*', verbs: [verb] }]);
  const elsewhere = new Capabilities([{ groups: 'other/*', verbs }]);

  it.each(matrix.map((each) => [nameOfCase(each), each] as const))('%s', (_name, each) => {
    const { needs, request } = each;
    const lacking = needs === null ? null : { verb: needs, group };
    expect(lackOf(request, here)).toEqual(needs === verb ? null : lacking);
    expect(lackOf(request, elsewhere)).toEqual(lacking);
  });
});

test('every verb is needed for something', () => {
  const needed = new Set(matrix.flatMap(({ needs }) => needs ?? []));
  expect([...needed].sort()).toEqual([...verbs].sort());
});

test('a pattern is a name, the beginning of names, or all', () => {
  const cases: readonly [pattern: string, name: string, covers: boolean][] = [
    ['*', 'a/b', true],
    ['team', 'team', true],
    ['team', 'team/a', false],
    ['team', 'teams', false],
    ['team*', 'teams', true],
    ['team/*', 'team/a/b', true],
    ['team/*', 'team', false],
    ['team/*', 'Team/a', false],
    ['te*m', 'team', false],
  ];
  for (const [groups, name, covers] of cases) {
    const granted = new Capabilities([{ groups, verbs: ['join'] }]);
    expect(granted.allows('join', nameOf(name)), `${groups} ${name}`).toBe(covers);
  }
});

test('a message needs the verbs of all its parts, each in the group of the part', () => {
  const bcast = parts.bcast.request;
  const write = { ...parts.obj_state.request, group: nameOf('team/other') };
  const request = submitted({ kind: 'message', parts: [bcast, write] });
  const one = { groups: 'team/room', verbs: ['broadcast', 'state'] } as const;
  expect(lackOf(request, new Capabilities([one]))).toEqual({
    verb: 'state',
    group: 'team/other',
  });
  const other = { groups: 'team/other', verbs: ['state'] } as const;
  expect(lackOf(request, new Capabilities([one, other]))).toBe(null);
});

test('a join needs its verb in all of its groups', () => {
  const { request } = others.join;
  const [target] = request.groups;
  if (target === undefined) throw new Error('no target');
  const both = { ...request, groups: [target, { ...target, group: nameOf('team/other') }] };
  const granted = new Capabilities([{ groups: 'team/room', verbs: ['join'] }]);
  expect(lackOf(both, granted)).toEqual({ verb: 'join', group: 'team/other' });
});
