// node tools/peers/tshark.ts     finds or installs what reads captures with the dissector of FTMP

import { type Peer, prepare } from './packages.ts';

export const tshark: Peer = {
  name: 'tshark',
  serves: 'the tests of the dissector',
  needs: [{ package: 'tshark', commands: ['tshark'] }],
};

if (import.meta.main) prepare(tshark);
