/** The text of corosync.conf: its defaults, said in full, and the nodes. */

const tokenMs = 3_000;

export type Node = { readonly number: number; readonly address: string };

/**
 * @param nodes all nodes of the cluster
 * @returns the same text for each of them
 */
export function configurationFor(nodes: readonly Node[]): string {
  return [
    section('totem', [
      'version: 2',
      'cluster_name: choir-bench',
      'transport: knet',
      `token: ${tokenMs}`,
      'crypto_cipher: none',
      'crypto_hash: none',
    ]),
    section('nodelist', nodes.map(nodeSection)),
    section('quorum', ['provider: corosync_votequorum']),
    section('logging', ['to_logfile: no', 'to_syslog: no', 'to_stderr: yes']),
    '',
  ].join('\n');
}

function nodeSection({ number, address }: Node): string {
  return section('node', [`ring0_addr: ${address}`, `name: n${number}`, `nodeid: ${number}`]);
}

function section(name: string, lines: readonly string[]): string {
  const inner = lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`);
  return [`${name} {`, ...inner, '}'].join('\n');
}
