/** What a client is told of its submissions and requests, as encoded messages. */
import type { Effect } from '@choir/groups';
import type { Code, FromServer } from '@choir/protocol';
import { Slab } from './slab.ts';

const slab = new Slab();

type Settled = Extract<Effect, { kind: 'settle' }>;

/** The outcome of a submission. */
export function outcome({ group, client: senderId, localId, at, result }: Settled): Uint8Array {
  switch (result.kind) {
    case 'ok':
      return encode({ kind: 'ack', group, senderId, localId, at });
    case 'waiting':
      return encode({ kind: 'waiting', group, localId, at, holders: result.holders });
    case 'refused': {
      const { code, message, holders } = result;
      return encode({ kind: 'refused', group, localId, at, code, message, holders });
    }
    default:
      return result satisfies never;
  }
}

export function resend({ group, mark }: Extract<Effect, { kind: 'resend' }>): Uint8Array {
  return encode({ kind: 'resend', group, mark });
}

export function joinRefused(refused: Extract<Effect, { kind: 'join_refused' }>): Uint8Array {
  return requestRefused(refused.requestId, refused.code, refused.message);
}

export function requestRefused(requestId: number, code: Code, message: string): Uint8Array {
  return encode({ kind: 'request_refused', requestId, code, message });
}

function encode(message: FromServer): Uint8Array {
  return slab.encodeMessage(message);
}
