/** The client in Python with a real server, which is killed while it sends. */
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { Testee } from '../src/client/testee.ts';
import { ChoirServe } from './choir-serve.ts';
import { hasPython, PythonClient } from './clients/python.ts';

test.runIf(hasPython)(
  'what it sends around three kills of the server is received once and in order',
  { timeout: 120_000 },
  async () => {
    const server = await ChoirServe.start();
    onTestFinished(() => server.stop());
    const python = new PythonClient();
    onTestFinished(() => python.remove());
    const group = `python-${randomBytes(4).toString('hex')}`;
    const [sender, receiver] = [0, 1].map(() => {
      const testee = new Testee(python.command('orders'), server.url, 60_000);
      onTestFinished(() => testee.stop());
      testee.order({ do: 'join', group });
      return testee;
    });
    if (sender === undefined || receiver === undefined) throw new Error('two were made');
    await sender.event('joined');
    await receiver.event('joined');

    const sent: string[] = [];
    const say = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const text = `${sent.length} größer 👩‍🚀 ${'x'.repeat(sent.length % 400)}`;
        sent.push(text);
        sender.order({ do: 'broadcast', group, text });
      }
    };
    for (let round = 0; round < 3; round += 1) {
      say(100);
      await sender.event('settled');
      say(100);
      await server.kill();
      say(100);
      await server.startAgain();
      await receiver.event('joined');
    }
    const received = () => receiver.told.filter(({ event }) => event === 'message');
    while (received().length < sent.length) await receiver.event('message');
    expect(received().map(({ about }) => about[2])).toEqual(sent);
    const settled = () => sender.told.filter(({ event }) => event === 'settled').length;
    while (settled() < sent.length) await sender.event('settled');
    expect(settled()).toBe(sent.length);
  },
);
