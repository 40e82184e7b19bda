/** `choir serve` keeps every clause, without credentials and with them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCases, serverCases } from '../src/index.ts';
import { ChoirServe, run } from './choir-serve.ts';

const patienceMs = 10_000;

function shortOf(results: Awaited<ReturnType<typeof runCases>>, verdict: string) {
  return results
    .filter((each) => each.verdict === verdict)
    .map(({ case: { title }, rendering, why }) => `${title} (${rendering}): ${why}`);
}

describe('choir serve', () => {
  let server: ChoirServe;
  beforeAll(async () => {
    server = await ChoirServe.start();
  });
  afterAll(() => server.stop());

  test('passes', { timeout: 120_000 }, async () => {
    const results = await runCases({ url: server.url, token: null, patienceMs }, serverCases);
    expect(shortOf(results, 'failed')).toEqual([]);
    expect(shortOf(results, 'left out').every((each) => each.endsWith('needs --token'))).toBe(true);
    expect(results.length).toBeGreaterThan(150);
  });
});

describe('choir serve --token-keys', () => {
  let server: ChoirServe;
  let token = '';
  beforeAll(async () => {
    server = await ChoirServe.start((folder) => {
      run(folder, 'token', 'make', 'keys.json');
      const all = ['--allow', '*:*'];
      token = run(folder, 'token', '--keys', 'keys.json', '--sub', 'suite', ...all).trim();
      return ['--token-keys', `${folder}/keys.public.json`];
    });
  });
  afterAll(() => server.stop());

  test('passes, the clauses about credentials among them', { timeout: 120_000 }, async () => {
    const about = serverCases.filter(({ clauses: [first = ''] }) => /^[IST]/.test(first));
    const results = await runCases({ url: server.url, token, patienceMs }, about);
    expect(shortOf(results, 'failed')).toEqual([]);
    const passed = results.filter(({ verdict }) => verdict === 'passed');
    expect(passed.some((each) => each.case.clauses.includes('I1'))).toBe(true);
  });
});
