import { expect, test } from 'vitest';
import type { ProcessGroup } from '../src/index.ts';
import { bytesOf, Ensemble, members, textOf, timeout } from './ensemble.ts';

test('Q2 a request to all has an answer of each', { timeout }, async () => {
  const ensemble = new Ensemble();
  const answer = () => bytesOf('yes');
  const ann = await ensemble.join('ann', { answer });
  await ensemble.join('bob', { answer });
  await ensemble.join('eve');
  await members(ann, 3);
  const replies = await ann.request(bytesOf('there?'));
  const told = replies.map((reply) =>
    reply.kind === 'answered' ? textOf(reply.bytes) : `${reply.kind}`,
  );
  expect(told).toEqual(['yes', 'yes', 'failed']);
});

test('Q3 a handler asks its own group, itself included, and nobody is stuck', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const groups: ProcessGroup[] = [];
  const answerer = (at: number) => async (request: { readonly bytes: Uint8Array }) => {
    const depth = Number(textOf(request.bytes));
    if (depth === 0) return bytesOf('1');
    const replies = await groups[at]?.request(bytesOf(`${depth - 1}`));
    const sum = (replies ?? []).reduce(
      (total, reply) =>
        total + (reply.kind === 'answered' ? Number(textOf(reply.bytes)) : Number.NaN),
      0,
    );
    return bytesOf(`${sum}`);
  };
  for (const [at, label] of ['ann', 'bob', 'eve'].entries()) {
    groups.push(await ensemble.join(label, { answer: answerer(at) }));
  }
  const [ann] = groups;
  if (ann === undefined) throw new Error('nobody is there');
  await members(ann, 3);
  const replies = await ann.request(bytesOf('3'), { need: 'first' });
  const answered = replies.find(({ kind }) => kind === 'answered');
  expect(answered?.kind === 'answered' && textOf(answered.bytes)).toBe('27');
});

test('Q2 who does not answer in time is missing, and what is thrown has failed', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann', { answer: () => new Promise(() => {}) });
  await ensemble.join('bob', {
    answer: () => {
      throw new Error('I have no time.');
    },
  });
  await members(ann, 2);
  const replies = await ann.request(bytesOf('there?'), { timeoutMs: 300 });
  expect(replies).toMatchObject([{ kind: 'missing' }, { kind: 'failed', text: 'I have no time.' }]);
});

test('a request is given up by a signal', { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann', { answer: () => new Promise(() => {}) });
  const controller = new AbortController();
  const asked = ann.request(bytesOf('there?'), { signal: controller.signal });
  controller.abort(new Error('Never mind.'));
  await expect(asked).rejects.toThrow('Never mind.');
});
