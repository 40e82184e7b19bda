import { canMakeNamespaces, makeNamespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { type Member, startMember } from './members.ts';

const possible = canMakeNamespaces();
if (!possible.can) console.log(`Skipped: FTMP over IP multicast (${possible.why}).`);

const timeout = 60_000;
const keys = [{ id: 1, hex: '5a'.repeat(32) }];

test.skipIf(!possible.can)(
  'hosts of a network are one group by multicast alone, encrypted, and again when a cut is healed',
  { timeout },
  async () => {
    const network = await makeNamespaces({ hosts: 3 });
    onTestFinished(() => network.remove());
    const members: Member[] = [];
    for (const host of network.hosts) {
      const member = startMember({ network, host });
      const address = { address: '239.192.7.1', port: 7_800, interface: host.address };
      const init = host.number === 1;
      const options = { kind: 'open', init, keys, rejoin: true } as const;
      member.tell({ ...options, network: { kind: 'multicast', ...address } });
      await member.until('opened');
      members.push(member);
    }
    for (const member of members) await member.view(3);
    for (const member of members) member.tell({ kind: 'send', count: 500, bytes: 3_000 });
    const counts = await Promise.all(
      members.map((member) => member.ask('count', ({ delivered }) => delivered === 1_500)),
    );
    expect(new Set(counts.map(({ order }) => order)).size).toBe(1);

    const [one, two, three] = members;
    const [first, second, third] = network.hosts;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const before = [one, two, three].map((member) => member?.all('view').length);
    network.cut([third], [first, second]);
    for (const [at, member] of [one, two].entries()) await member?.view(2, before[at]);
    network.heal();
    for (const [at, member] of members.entries()) await member.view(3, before[at]);
    expect(three?.all('excluded')).toHaveLength(1);
  },
);

test.skipIf(!possible.can)(
  'several processes of one machine are in the group with those of others, also who joins late',
  { timeout },
  async () => {
    const network = await makeNamespaces({ hosts: 2 });
    onTestFinished(() => network.remove());
    const [here, there] = network.hosts;
    if (here === undefined || there === undefined) throw new Error();
    const members: Member[] = [];
    for (const host of [here, there, here]) {
      const member = startMember({ network, host });
      const address = { address: '239.192.7.1', port: 7_800, interface: host.address };
      const init = members.length === 0;
      const options = { kind: 'open', init, keys, rejoin: true } as const;
      member.tell({ ...options, network: { kind: 'multicast', ...address } });
      await member.view(members.length + 1);
      members.push(member);
    }
    for (const member of members) member.tell({ kind: 'send', count: 200, bytes: 100 });
    const counts = await Promise.all(
      members.map((member) => member.ask('count', ({ delivered }) => delivered >= 600)),
    );
    expect(counts.map(({ delivered }) => delivered)).toEqual([600, 600, 600]);
    expect(new Set(counts.map(({ order }) => order)).size).toBe(1);
  },
);
