/** WebSocket close codes (RFC 6455, 7.4.1) for the reasons of the protocol, which are sent beside. */
import type { Code } from '@choir/protocol';

const normal = 1000;
const goingAway = 1001;
const protocolError = 1002;
const policyViolation = 1008;
const tooBig = 1009;
const internalError = 1011;
const tryAgainLater = 1013;

export function closeCodeOf(code: Code | 'BYE'): number {
  switch (code) {
    case 'BYE':
      return normal;
    case 'SHUTDOWN':
      return goingAway;
    case 'MALFORMED':
    case 'BAD_NAME':
    case 'VERSION':
    case 'NO_HELLO':
    case 'ALREADY_ATTACHED':
      return protocolError;
    case 'TOO_LARGE':
      return tooBig;
    case 'STORAGE':
      return internalError;
    case 'LIMIT':
    case 'NOT_WRITABLE':
      return tryAgainLater;
    default:
      return policyViolation;
  }
}
