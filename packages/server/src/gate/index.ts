/** Keys and tokens, for those who make or look at them. Loads the cryptography, which takes a while. */
export { issueToken, makeKeys, unverified } from './token-issuer.ts';
export { TokenVerifier } from './token-verifier.ts';
