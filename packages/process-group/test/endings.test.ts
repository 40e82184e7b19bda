/** Whatever ends a group other than leaving it has a reason, which nobody has to look for. */
import { expect, onTestFinished, test } from 'vitest';
import { FencedLocks, GroupError, ProcessGroup, ReplicatedMap } from '../src/index.ts';
import { bytesOf, Ensemble, timeout, until } from './ensemble.ts';
import { driven, name, performed, processor } from './scripted-host.ts';

const self = processor(1);
const cause = new Error('I cannot count.');
const throwing = {
  apply: () => {
    throw cause;
  },
  snapshot: () => [],
  restore: () => {},
};

/** A group with a map that is over, since a replica threw. */
async function ended() {
  const [scores, locks] = [new ReplicatedMap<number>(), new FencedLocks()];
  const { host, driver } = driven({ replicas: { counter: throwing, scores, locks } });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const open = group.request(bytesOf('there?'));
  const setting = scores.set('ann', 7);
  setting.catch(() => {});
  open.catch(() => {});
  host.sent = [];
  await group.multicast(bytesOf('one'), { channel: 'counter' });
  await host.echo();
  return { group, scores, locks, setting, open };
}

const reason = { name: 'GroupError', code: 'group-replica', cause };
const over = { code: 'group-over', cause: reason, message: /is over: .*I cannot count/ };

test('a group tells why it is over', async () => {
  const { group } = await ended();
  const why = await group.over;
  expect(why).toBeInstanceOf(GroupError);
  expect(why).toMatchObject(reason);
  expect(why?.message).toBe(
    'The replica on channel "counter" of group "ensemble" threw an error, so its state may not be that of the others any more, and this process left the group: ' +
      'mend the replica, and join again. It threw: Error: I cannot count.',
  );
});

test('later calls fail with the reason as their cause, and in their text', async () => {
  const { group, scores, locks } = await ended();
  const calls = {
    multicast: () => group.multicast(bytesOf('two')),
    send: () => group.send([], bytesOf('two')),
    request: () => group.request(bytesOf('two')),
    statistics: () => group.statistics(),
    set: () => scores.set('ann', 8),
    acquire: () => locks.acquire('printer'),
  };
  for (const [call, act] of Object.entries(calls)) {
    const error = await act().then(
      () => null,
      (failure: unknown) => failure,
    );
    expect(error, call).toMatchObject({ code: over.code, cause: over.cause });
    expect(String(error), call).toMatch(over.message);
  }
  expect(group.tryMulticast(bytesOf('two'))).toBe('closed');
});

test('what was under way is in doubt, for the same reason', async () => {
  const { setting, open } = await ended();
  await expect(setting).rejects.toMatchObject({ code: 'group-over', cause: reason });
  await expect(setting).rejects.toThrow('Whether this took effect is not known.');
  await expect(open).rejects.toMatchObject(reason);
});

test('the reader of the events is given the reason', async () => {
  const { group } = await ended();
  await expect(until(group, 'message')).rejects.toMatchObject(reason);
});

test('a group that was left is over for no other reason', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  await group.leave();
  expect(await group.over).toBe(null);
  const failure = await group.multicast(bytesOf('two')).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'group-over', message: expect.stringContaining('left') });
});

test('a fault of the toolkit is a reason, too, and not without a word', async () => {
  const { host, driver } = driven();
  await host.view('first', self);
  const fault = new TypeError('This was not foreseen.');
  driver.core.message = () => {
    throw fault;
  };
  await host.says(self, { kind: 'held' });
  expect(await driver.over).toMatchObject({ code: 'group-over', cause: fault });
  expect(host.hasLeft).toBe(true);
});

test('when the group is over nobody is in it, and it is not primary', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  expect([group.primary, group.self?.id, group.members.length]).toEqual([true, self, 1]);
  await group.leave();
  expect([group.primary, group.self, group.members]).toEqual([false, null, []]);
});

test.each([
  ['joined without events', { events: false }, async () => {}],
  [
    'left the loop over them',
    {},
    async (group: ProcessGroup) => {
      for await (const _event of group) break;
    },
  ],
])('who %s is warned of the reason', { timeout }, async (_how, options, reads) => {
  const warnings: string[] = [];
  const warned = (text: string): void => void warnings.push(text);
  const ann = await new Ensemble().join(
    'ann',
    { replicas: { counter: throwing }, ...options },
    warned,
  );
  await reads(ann);
  await ann.multicast(bytesOf('one'), { channel: 'counter' });
  const why = await ann.over;
  expect(warnings).toEqual([why?.message]);
});

test('a warning of one group is told to who joined it, if that says so', { timeout }, async () => {
  const [ofTransport, ofGroup]: [string[], string[]] = [[], []];
  const transport = await new Ensemble().transport({
    onWarning: (text) => void ofTransport.push(text),
  });
  const ann = await transport.join('lobby', {
    init: true,
    replicas: { counter: throwing },
    events: false,
    onWarning: (text) => void ofGroup.push(text),
  });
  await ann.multicast(bytesOf('one'), { channel: 'counter' });
  const why = await ann.over;
  expect([ofTransport, ofGroup]).toEqual([[], [why?.message]]);
});

test('without onWarning the warning is one of the process', { timeout }, async () => {
  const warnings: string[] = [];
  const warned = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const options = { replicas: { counter: throwing }, events: false };
  const ann = await new Ensemble().join('ann', options);
  await ann.multicast(bytesOf('one'), { channel: 'counter' });
  const why = await ann.over;
  await performed();
  expect(warnings).toEqual([why?.message]);
});

test('who reads the events is not warned beside', { timeout }, async () => {
  const warnings: string[] = [];
  const warned = (text: string): void => void warnings.push(text);
  const ann = await new Ensemble().join('ann', { replicas: { counter: throwing } }, warned);
  const read = until(ann, 'message');
  read.catch(() => {});
  await ann.multicast(bytesOf('one'), { channel: 'counter' });
  await ann.over;
  await expect(read).rejects.toMatchObject(reason);
  expect(warnings).toEqual([]);
});
