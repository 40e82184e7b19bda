/** What people are told about messages that outlive a run. */
import type { Client } from '@choir/client';
import type { Identity } from '../identity/identity.ts';
import type { Output } from '../output/output.ts';

/** Says what an earlier run left, and follows what becomes of it. */
export function tellLeftOver(client: Client, { id, leftOver }: Identity, output: Output): void {
  if (leftOver.size === 0) return;
  const what = leftOver.size === 1 ? '1 message' : `${leftOver.size} messages`;
  output.note(`${what} of an earlier run of ${id} not acknowledged yet; sent first`);
  client.on('refused', ({ localId, error }) => {
    if (leftOver.has(localId)) output.note(`one of them was refused: ${error.code}`);
  });
  client.on('withdrawn', ({ localId, why }) => {
    if (leftOver.has(localId)) output.note(`one of them was withdrawn: ${why}`);
  });
}

export type Remainder = {
  readonly messages: number;
  readonly identity: Identity | undefined;
  /** A server was there at some time. */
  readonly wasOnline: boolean;
  /** The server ended the session. */
  readonly isOver: boolean;
};

/** Says what this run leaves. */
export function tellRemainder(remainder: Remainder, output: Output): void {
  const { messages, identity, wasOnline, isOver } = remainder;
  if (messages <= 0) return;
  const what = messages === 1 ? '1 message was' : `${messages} messages were`;
  if (identity === undefined) {
    const doubt = wasOnline ? '; whether that took effect is not known' : '';
    output.note(`${what} not acknowledged${doubt}`);
  } else if (!isOver) {
    const next = `the next command with --id ${identity.id}`;
    output.note(`${what} not acknowledged yet, and will be sent by ${next}`);
  }
}
