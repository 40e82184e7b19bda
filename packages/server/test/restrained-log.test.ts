import { expect, test } from 'vitest';
import { silence } from '../src/log/log.ts';
import { restrained } from '../src/log/restrained-log.ts';

test('ten lines a second are written, and how many were left out', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = restrained({ ...silence, info: (fields) => lines.push(fields) }, () => now);
  for (let n = 0; n < 25; n += 1) log.info({ n }, 'turned away');
  expect(lines).toHaveLength(10);
  now = 1_000;
  log.info({ n: 25 }, 'turned away');
  log.info({ n: 26 }, 'turned away');
  expect(lines.slice(10)).toEqual([{ n: 25, omitted: 15 }, { n: 26 }]);
});
