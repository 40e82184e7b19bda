import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { operatorLog } from '../../src/log/operator-log.ts';

class Screen extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const hostile = [
  'a\n{"level":"error","msg":"forged"}',
  'a\r14:00:00  error  forged',
  'a\u2028error forged',
  'a\u0085error forged',
  '\u001b[2J\u001b[1;1Hcleared',
  '\u009b31mred',
  '\u202egnorw',
  '"},{"level":"error"',
  'client=ann  code=BYE',
  '\ud800',
];

async function written(format: 'json' | 'text', name: string): Promise<string> {
  const screen = new Screen();
  const log = await operatorLog('debug', format, screen as unknown as NodeJS.WriteStream);
  log.info({ client: name, problem: name }, 'turned away');
  return screen.text;
}

const steering = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

test.each(hostile)('in JSON the name %j stays one value of one line', async (name) => {
  const text = await written('json', name);
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.slice(0, -1)).not.toMatch(steering);
  const line = JSON.parse(text);
  expect(line).toMatchObject({ level: 'info', msg: 'turned away' });
  expect(line.client).toBe(name);
});

test.each(hostile)('for people the name %j stays one value of one line', async (name) => {
  const text = await written('text', name);
  const value = /("(?:[^"\\]|\\.)*"|[\w./:@%+[\]-]+)/.source;
  const line = `^\\d\\d:\\d\\d:\\d\\d  info   turned away  client=${value}  problem=\\1\n$`;
  expect(text).toMatch(new RegExp(line));
  expect(text.slice(0, -1)).not.toMatch(steering);
});

test('what is secret is not written even when it is given', async () => {
  const screen = new Screen();
  const log = await operatorLog('debug', 'json', screen as unknown as NodeJS.WriteStream);
  log.warn({ token: 'eyJhbGciOi', secret: 'sesame', client: 'ann' }, 'turned away');
  expect(screen.text).not.toMatch(/eyJ|sesame/);
  expect(JSON.parse(screen.text)).toMatchObject({ token: '[hidden]', client: 'ann' });
});

test('below the level nothing is written', async () => {
  const screen = new Screen();
  const log = await operatorLog('warn', 'json', screen as unknown as NodeJS.WriteStream);
  log.info({}, 'quiet');
  expect(screen.text).toBe('');
});
