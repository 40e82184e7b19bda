/** `choir group --multicast`: hosts on one link are a group without any seed. Hosts are network namespaces: nothing leaves them. */
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canMakeNamespaces, type Host, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { choir, temporaryFolder } from '../running/choir.ts';
import type { ChoirProcess, Start } from '../running/choir-process.ts';

const possible = canMakeNamespaces();
if (!possible.can) console.log(`Skipped: choir group by IP multicast (${possible.why}).`);
const inNamespaces = test.skipIf(!possible.can);

const timeout = 90_000;

function hasStreams(child: ChildProcess): child is ChildProcessWithoutNullStreams {
  return child.stdin !== null && child.stdout !== null && child.stderr !== null;
}

/** A link with hosts, which are gone after the test. */
class Link {
  readonly #network: Namespaces;
  readonly #key = join(temporaryFolder(), 'cluster.key');

  private constructor(network: Namespaces) {
    this.#network = network;
    writeFileSync(this.#key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  }

  static async of(hosts: number): Promise<Link> {
    const network = await makeNamespaces({ hosts });
    onTestFinished(() => network.remove());
    return new Link(network);
  }

  /** Runs `choir group` on a host, from 1 on. */
  choir(host: number, action: string, ...args: readonly string[]): ChoirProcess {
    const place = this.#host(host);
    const start: Start = (command, env) => {
      const child = this.#network.spawn(place, command, { stdio: 'pipe', env });
      if (hasStreams(child)) return child;
      throw new Error('a process without streams');
    };
    const where = ['--listen', place.address, '--multicast', '239.1.2.3', '--key', this.#key];
    const environment = { CHOIR_RUNTIME: temporaryFolder() };
    return choir(['group', action, 'lobby', '--json', ...where, ...args], environment, start);
  }

  #host(number: number): Host {
    const host = this.#network.hosts[number - 1];
    if (host === undefined) throw new RangeError(`there is no host ${number}`);
    return host;
  }
}

inNamespaces(
  'hosts of a link are a group, talk, and are probed, without any seed',
  { timeout },
  async () => {
    const link = await Link.of(3);
    // Who waits already is no reason not to make the group.
    const bob = link.choir(2, 'join', '--id', 'bob');
    expect(await bob.json({ type: 'listening' })).toEqual({
      type: 'listening',
      multicast: '239.1.2.3:7500',
    });
    const ann = link.choir(1, 'join', '--id', 'ann', '--init');
    expect(await ann.json({ type: 'view' })).toMatchObject({ id: 1, members: ['ann'] });
    expect(ann.errors.text).toContain(
      'nobody answered at 239.1.2.3:7500 on 10.99.0.1 within 5 s: making the group',
    );
    expect(await bob.json({ type: 'view' })).toMatchObject({ id: 2, members: ['ann', 'bob'] });
    bob.type('hello\n');
    expect(await ann.json({ type: 'message' })).toMatchObject({ sender: 'bob', data: 'hello' });
    const probe = await link.choir(3, 'probe').ended();
    expect(probe.stdout).toContain('"ann"');
    expect(probe.stdout).toContain('"bob"');
    expect(probe.code).toBe(0);
  },
);

inNamespaces(
  'with --init the group that is there is joined, and none is made where a member lets nobody in',
  { timeout },
  async () => {
    const link = await Link.of(3);
    const ann = link.choir(1, 'join', '--id', 'ann', '--init');
    await ann.json({ type: 'view', id: 1 });
    const bob = link.choir(2, 'join', '--id', 'bob', '--init');
    expect(await bob.json({ type: 'view' })).toMatchObject({ id: 2, members: ['ann', 'bob'] });
    expect(bob.errors.text).toContain('the group is there: joined it, and made none');
    ann.kill('SIGKILL');
    await bob.json({ type: 'primary', primary: false });
    const { code, stdout, stderr } = await link.choir(3, 'join', '--init').ended();
    expect(stderr).toContain('Somebody answers at 239.1.2.3:7500 on 10.99.0.3, but did not let');
    expect(stderr).toContain('To begin it anew: end them first.');
    expect(stdout).not.toContain('"view"');
    expect(code).toBe(3);
  },
);

inNamespaces(
  'where no member is, it is said that the network may carry no multicast',
  {
    timeout,
  },
  async () => {
    const link = await Link.of(1);
    const { code, stderr } = await link.choir(1, 'join', '--timeout', '2500ms').ended();
    expect(stderr).toContain('waiting to be let in by multicast at 239.1.2.3:7500 on 10.99.0.1');
    expect(stderr).toContain('A network may carry no multicast');
    expect(code).toBe(3);
  },
);
