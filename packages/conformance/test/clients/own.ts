/** `@choir/client` under the orders of the suite. */
import { createInterface } from 'node:readline';
import { connect, text } from '@choir/client';

const client = connect(process.env['CHOIR_SERVER'] ?? '', { name: 'own' });

function tell(event: string, ...about: readonly unknown[]): void {
  console.log(JSON.stringify({ event, about }));
}

client.on('ended', ({ code }) => tell('ended', code));
client.on('refused', ({ localId, error }) => tell('refused', localId, error.code));

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  if (order.do === 'join') join(order.group);
  else if (order.do === 'broadcast') {
    client.broadcast(order.group, order.text).then(
      ({ localId }) => tell('settled', localId),
      () => {},
    );
  }
});
lines.on('close', () => void client.close());

function join(name: string): void {
  const joined = client.join(name, {
    begin: (group) => {
      group.on('message', (message) => {
        if (message.kind === 'bcast') tell('message', name, message.sender, text(message.data));
      });
      group.on('joined', () => tell('joined', name));
    },
  });
  joined.catch(() => {});
}
