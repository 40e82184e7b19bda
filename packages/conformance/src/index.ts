export type { Case } from './case.ts';
export { type Clause, clauses, clausesOf } from './clauses.ts';
export { type ClientCase, clientCases } from './client/cases.ts';
export { type ClientRun, runClientCases } from './client/run.ts';
export { Peer, type Rendering, renderings } from './peer.ts';
export { byClause, type ClauseReport, lineOf } from './report.ts';
export { type Result, runCases } from './run.ts';
export { notChecked, serverCases } from './server/index.ts';
export { type Server, Stage } from './stage.ts';
