/** Runs the checks of clients: each with a server and a process of its own. */
import type { Result } from '../run.ts';
import type { ClientCase } from './cases.ts';
import { ClientStage } from './stage.ts';

export type ClientRun = { readonly command: string; readonly patienceMs: number };

export async function runClientCases(
  { command, patienceMs }: ClientRun,
  cases: readonly ClientCase[],
  report: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const each of cases) {
    const stage = await ClientStage.start(command, patienceMs);
    const about = { case: each, rendering: null };
    let result: Result;
    try {
      await each.run(stage);
      result = { ...about, verdict: 'passed', why: '' };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      result = { ...about, verdict: 'failed', why };
    } finally {
      await stage.end();
    }
    results.push(result);
    report(result);
  }
  return results;
}
