// node tools/peers/corosync.ts     finds or installs the peer of bench/ftmp and bench/process-group, and what compiles its load
//
// On a machine with systemd, Debian starts a corosync of its own when it is installed, on loopback:
// `systemctl disable --now corosync` ends it. The benchmark neither needs nor meets it.

import { namespaces } from './namespaces.ts';
import { type Peer, prepare } from './packages.ts';

export const corosync: Peer = {
  name: 'corosync',
  serves: 'the benchmarks of FTMP',
  needs: [
    ...namespaces.needs,
    { package: 'corosync', commands: ['corosync'] },
    { package: 'libcpg-dev', files: ['/usr/include/corosync/cpg.h'] },
    { package: 'gcc', commands: ['gcc'] },
    { package: 'libc6-dev', files: ['/usr/include/stdio.h'] },
  ],
};

if (import.meta.main) prepare(corosync);
