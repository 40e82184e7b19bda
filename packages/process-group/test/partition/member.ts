// A member on a host of its own. It is told what to do by lines, and tells what happens by lines.
import { createInterface } from 'node:readline';
import { FencedLocks, Transport } from '../../src/index.ts';

const [label = '', host = '', ...seeds] = process.argv.slice(2);
const network = { kind: 'unicast', host, port: 7_500, seeds } as const;
const transport = await Transport.open({ network, insecure: true });
const locks = new FencedLocks();
const init = seeds.length === 0;
const answer = (): Uint8Array => new Uint8Array(1);
const group = await transport.join('parted', { label, init, replicas: { locks }, answer });

async function listen(): Promise<void> {
  for await (const event of group) {
    if (event.kind === 'view') console.log(`view ${event.view.members.length}`);
    if (event.kind === 'primary') console.log(event.primary ? 'majority' : 'minority');
    if (event.kind === 'excluded') console.log('excluded');
    if (event.kind === 'message' && event.from.label === label) console.log('spoken');
  }
}

/** What a request comes to that nobody but this process may be there to answer. */
async function ask(): Promise<void> {
  const replies = await group.request(new Uint8Array(1), { need: 'first', timeoutMs: 1_000 });
  console.log(`replies ${replies.map(({ kind }) => kind).join(' ')}`);
}

const commands: Readonly<Record<string, () => Promise<void>>> = {
  speak: () => group.multicast(new Uint8Array(1)),
  ask,
  take: async () => {
    const { fence } = await locks.acquire('door');
    console.log(`fence ${fence}`);
  },
};

listen().catch(() => {});
for await (const line of createInterface({ input: process.stdin })) {
  // Whoever was removed has no lock.
  commands[line]?.().catch((error: Error) => console.log(`failed ${error.message}`));
}
