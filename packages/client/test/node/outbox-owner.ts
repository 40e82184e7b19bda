/** Owns an outbox, stores a little, and waits to be killed. Argument: the path. */
import { FileOutbox } from '@choir/client/node';
import { parseGroupName } from '@choir/protocol';

const [, , path = ''] = process.argv;
const outbox = await FileOutbox.open(path);
await outbox.saveIdentity({ clientId: 'owner', secret: new Uint8Array(16) });
const group = parseGroupName('room');
if (group === null) throw new Error('no such name');
for (const n of [1, 2, 3]) {
  const body = { kind: 'leave' } as const;
  await outbox.store({ localId: n as never, group, body, unbased: [], memberName: null });
}
console.log('stored');
setInterval(() => {}, 1_000);
