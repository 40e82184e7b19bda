// node tools/peers/namespaces.ts     finds or installs what makes networks inside the machine, and breaks them

import { type Peer, prepare } from './packages.ts';

export const namespaces: Peer = {
  name: 'network namespaces',
  serves: 'the tests in networks of their own',
  needs: [
    { package: 'iproute2', commands: ['ip'] },
    { package: 'nftables', commands: ['nft'] },
  ],
};

if (import.meta.main) prepare(namespaces);
