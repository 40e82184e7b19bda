import { expect, test } from 'vitest';
import { operatorLog } from '../../src/log/operator-log.ts';

class Screen {
  text = '';

  write(text: string): void {
    this.text += text;
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

function written(format: 'json' | 'text', name: string): string {
  const screen = new Screen();
  const log = operatorLog('debug', format, screen);
  log.info({ client: name, problem: name }, 'turned away');
  return screen.text;
}

const steering = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

test.each(hostile)('in JSON the name %j stays one value of one line', (name) => {
  const text = written('json', name);
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.slice(0, -1)).not.toMatch(steering);
  const line = JSON.parse(text);
  expect(line).toMatchObject({ level: 'info', msg: 'turned away' });
  expect(line.client).toBe(name);
});

test.each(hostile)('for people the name %j stays one value of one line', (name) => {
  const text = written('text', name);
  const value = /("(?:[^"\\]|\\.)*"|[\w./:@%+[\]-]+)/.source;
  const line = `^\\d\\d:\\d\\d:\\d\\d  info   turned away  client=${value}  problem=\\1\n$`;
  expect(text).toMatch(new RegExp(line));
  expect(text.slice(0, -1)).not.toMatch(steering);
});

test('what is secret is not written even when it is given', () => {
  const screen = new Screen();
  const log = operatorLog('debug', 'json', screen);
  log.warn({ token: 'eyJhbGciOi', secret: 'sesame', client: 'ann' }, 'turned away');
  expect(screen.text).not.toMatch(/eyJ|sesame/);
  expect(JSON.parse(screen.text)).toMatchObject({ token: '[hidden]', client: 'ann' });
});

test('below the level nothing is written', () => {
  const screen = new Screen();
  const log = operatorLog('warn', 'json', screen);
  log.info({}, 'quiet');
  expect(screen.text).toBe('');
});
