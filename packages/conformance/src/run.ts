/** Runs the checks and collects what becomes of each. */
import type { Case } from './case.ts';
import { type Rendering, renderings } from './peer.ts';
import { type Server, Stage } from './stage.ts';

export type Result = {
  readonly case: Pick<Case, 'clauses' | 'title'>;
  /** Null where the client chooses. */
  readonly rendering: Rendering | null;
  readonly verdict: 'passed' | 'failed' | 'left out';
  /** Why it failed or was left out. */
  readonly why: string;
};

/** Each case in each of its renderings; `report` hears of each result as it comes. */
export async function runCases(
  server: Server,
  cases: readonly Case[],
  report: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const each of cases) {
    for (const rendering of each.renderings ?? renderings) {
      const result = await runOne(server, each, rendering);
      results.push(result);
      report(result);
    }
  }
  return results;
}

async function runOne(server: Server, found: Case, rendering: Rendering): Promise<Result> {
  const about = { case: found, rendering };
  const lack = lackOf(server, found);
  if (lack !== null) return { ...about, verdict: 'left out', why: lack };
  const stage = new Stage(server, rendering);
  try {
    await found.run(stage);
    return { ...about, verdict: 'passed', why: '' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...about, verdict: 'failed', why };
  } finally {
    stage.end();
  }
}

function lackOf({ token }: Server, { credentials }: Case): string | null {
  if (credentials === 'needed' && token === null) return 'needs --token';
  if (credentials === 'absent' && token !== null) return 'needs a server without credentials';
  return null;
}
