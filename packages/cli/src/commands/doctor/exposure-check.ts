/** Who can reach a server with these settings, and whether it would start so. */
import { type Exposure, exposureProblem } from '@choir/server';
import { type Finding, fail, ok } from './finding.ts';

export function checkExposure(exposure: Exposure): Finding {
  const problem = exposureProblem(exposure);
  if (problem !== null) return fail('exposure', problem.message, problem.remedy);
  const { hasKeys, hasTls, behindProxy } = exposure;
  if (!hasKeys) return ok('exposure', 'this machine only, everybody on it');
  const way = hasTls ? 'over TLS' : behindProxy ? 'through a proxy' : 'from this machine';
  return ok('exposure', `who has a token, ${way}`);
}
