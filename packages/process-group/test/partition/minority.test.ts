import { canMakeNamespaces, makeNamespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { timeout } from '../ensemble.ts';
import { orchestra } from './parted-member.ts';

test.runIf(canMakeNamespaces().can)(
  'S34 who is in a minority is given nothing, not even its own, until it is back',
  { timeout },
  async () => {
    const network = await makeNamespaces({ hosts: 3 });
    onTestFinished(() => network.remove());
    const [ann] = await orchestra(network);
    network.cut(network.hosts.slice(0, 1), network.hosts.slice(1));
    await ann.until(/^minority$/);
    for (let said = 0; said < 5; said += 1) ann.tell('speak');
    ann.tell('ask');
    expect(await ann.linesUntil(/^replies/)).toEqual(['replies missing missing missing']);
    network.heal();
    expect(await ann.linesUntil(/^view/)).toEqual(['excluded', 'view 3']);
  },
);
