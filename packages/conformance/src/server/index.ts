/** All checks of servers, in the order of the page. */
import type { Case } from '../case.ts';
import { blockCases } from './blocks.ts';
import { credentialCases } from './credentials.ts';
import { frameCases } from './frames.ts';
import { lockCases } from './locks.ts';
import { nameCases } from './names.ts';
import { sessionCases } from './sessions.ts';
import { streamCases } from './stream.ts';
import { submissionCases } from './submissions.ts';
import { versionCases } from './versions.ts';

export const serverCases: readonly Case[] = [
  ...nameCases,
  ...versionCases,
  ...frameCases,
  ...sessionCases,
  ...credentialCases,
  ...streamCases,
  ...submissionCases,
  ...blockCases,
  ...lockCases,
];

/** Clauses that no dialogue with a server can check, and what does. */
export const notChecked: Readonly<Record<string, string>> = {
  V3: 'is about later versions; `packages/client/test/servers/versions.test.ts`',
  I3: 'needs tokens of two subjects; `packages/server/test/gate/gate.test.ts`',
  I4: 'needs tokens with other grants; `packages/server/test/gate/gate.test.ts`',
  I5: 'needs a token that expires; `packages/server/test/gate/gate.test.ts`',
  I6: 'needs newer tokens; `packages/server/test/gate/gate.test.ts`',
  T4: 'needs a server that is killed; `npm run kill-test`, `npm run simulate`',
};
