/** What an application throws where it is called is its own, and keeps nothing from being done. */
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ProcessorHost } from '../src/index.ts';

const cause = new Error('I have no log.');
const throwing = (): never => {
  throw cause;
};

test.each([
  ['what is told of a warning', { trace: '/dev/full', onWarning: throwing }, {}],
  ['a listener', {}, { listener: throwing }],
])('when %s throws, what comes behind it is told all the same', async (_what, options, joining) => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (act: () => void) => thrown.push(act));
  onTestFinished(() => void vi.unstubAllGlobals());
  const network = { kind: 'unicast', host: '127.0.0.1' } as const;
  const host = await ProcessorHost.open({ network, insecure: true, ...options });
  onTestFinished(() => host.close());
  const { members } = await host.join(groupId(7), { init: true, ...joining });
  expect(members).toEqual([host.id]);
  await host.leave(groupId(7));
  expect(thrown.length).toBeGreaterThan(0);
  for (const act of thrown) expect(act).toThrow(cause);
});
