import { canMakeNamespaces, makeNamespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { timeout } from '../ensemble.ts';
import { orchestra } from './parted-member.ts';

test.runIf(canMakeNamespaces().can)(
  'B2 who speaks alone while it is cut off is granted no lock, and nobody has its fence',
  { timeout },
  async () => {
    const network = await makeNamespaces({ hosts: 3 });
    onTestFinished(() => network.remove());
    const [ann, bob] = await orchestra(network);
    network.cut(network.hosts.slice(0, 1), network.hosts.slice(1));
    ann.tell('take');
    await bob.until(/^view 2$/);
    bob.tell('take');
    expect(await bob.until(/^fence/)).toBe('fence 1');
    expect(await ann.until(/^(fence|minority)/)).toBe('minority');
    network.heal();
    expect(await ann.until(/^(fence|failed)/)).toMatch(/^failed/);
  },
);
