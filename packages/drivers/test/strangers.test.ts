import { expect, test } from 'vitest';
import { type Member, startMember } from './members.ts';

const keys = [{ id: 1, hex: '5a'.repeat(32) }];

type Opened = { readonly member: Member; readonly address: string };

async function open(seeds: readonly string[], keyed: boolean, port = 0): Promise<Opened> {
  const member = startMember();
  const network = { kind: 'unicast', host: '127.0.0.1', port, seeds } as const;
  const options = keyed ? { keys } : {};
  member.tell({ kind: 'open', network, init: seeds.length === 0, rejoin: true, ...options });
  const { address } = await member.until('opened');
  return { member, address };
}

/** A new processor at the address of one that leaves. */
async function replace({ member, address }: Opened, seed: Opened, keyed: boolean): Promise<Member> {
  member.tell({ kind: 'leave' });
  await member.ended();
  const port = Number(address.split(':')[1]);
  const next = await open([seed.address], keyed, port);
  await next.member.view(3);
  return next.member;
}

test.each([
  ['encrypted', true],
  ['without a key', false],
])(
  'who stood still while the group went on without all that it knew is told so by strangers, %s',
  {
    timeout: 60_000,
  },
  async (_how, keyed) => {
    const one = await open([], keyed);
    const two = await open([one.address], keyed);
    const still = await open([one.address, two.address], keyed);
    for (const { member } of [one, two, still]) await member.view(3);
    const before = [one, two].map(({ member }) => member.all('view').length);
    still.member.kill('SIGSTOP');
    for (const [at, { member }] of [one, two].entries()) await member.view(2, before[at]);
    const other = await open([one.address], keyed);
    await other.member.view(3);
    const strangers = [await replace(one, other, keyed), await replace(two, other, keyed)];
    const after = still.member.all('view').length;

    still.member.kill('SIGCONT');
    await still.member.until('excluded');
    await still.member.view(4, after);
    for (const stranger of strangers) await stranger.view(4);
    expect(still.member.all('excluded')).toHaveLength(1);
  },
);
