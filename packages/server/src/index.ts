export { checkData, type DataCheck } from './data/check-data.ts';
export { type StoredDelivery, storedDeliveries } from './data/stored-deliveries.ts';
export { claimsOf, subjectProblem, verbsNamed } from './gate/claims.ts';
export { type Algorithm, algorithms } from './gate/key-algorithm.ts';
export { KeyFileError } from './gate/key-file.ts';
export { issueToken, makeKeys } from './gate/token-issuer.ts';
export { type TokenSettings, TokenVerifier } from './gate/token-verifier.ts';
export { type RunningServer, type ServeOptions, serve } from './serve.ts';
export { ServeError, type ServeErrorCode } from './serve-error.ts';
