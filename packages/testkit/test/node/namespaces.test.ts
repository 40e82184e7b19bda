import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canMakeNamespaces, type Host, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const possible = canMakeNamespaces();
if (!possible.can) console.log(`Skipped: networks of our own (${possible.why}).`);

/** A host's program, which answers one question after the other. */
class Talker {
  readonly #child: ChildProcess;

  constructor(network: Namespaces, host: Host) {
    const program = fileURLToPath(new URL('./datagram-child.ts', import.meta.url));
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const command = [process.execPath, program, host.address] as const;
    this.#child = network.spawn(host, command, { stdio: [...stdio] });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ready(): Promise<void> {
    await once(this.#child, 'message');
  }

  async send(label: string, count: number): Promise<void> {
    await this.#ask({ send: label, count });
  }

  async heard(label: string): Promise<number> {
    return (await this.#ask({ ask: label }))['heard'] ?? 0;
  }

  /** How many came, once no more come. */
  async settled(label: string): Promise<number> {
    for (let before = -1; ; ) {
      const now = await this.heard(label);
      if (now === before) return now;
      before = now;
    }
  }

  async #ask(question: object): Promise<Record<string, number>> {
    const answered = once(this.#child, 'message');
    this.#child.send(question);
    return (await answered)[0];
  }
}

/** Everything sent before has come or is lost once this came: links keep the order. */
async function flush(sender: Talker, receiver: Talker, label: string): Promise<void> {
  while ((await receiver.heard(`end of ${label}`)) === 0) await sender.send(`end of ${label}`, 1);
}

/** In small portions, so that no buffer of the receiver overflows. */
async function sendGently(
  sender: Talker,
  receiver: Talker,
  label: string,
  count: number,
): Promise<number> {
  const portion = 50;
  for (let sent = 0; sent < count; sent += portion) {
    await sender.send(label, portion);
    await receiver.settled(label);
  }
  return receiver.settled(label);
}

describe.skipIf(!possible.can)('two hosts', () => {
  let network: Namespaces;
  let [one, two]: readonly Talker[] = [];

  beforeAll(async () => {
    network = await makeNamespaces({ hosts: 2 });
    [one, two] = network.hosts.map((host) => new Talker(network, host));
    await Promise.all([talker(one).ready(), talker(two).ready()]);
  });
  afterAll(() => network?.remove());

  function both(): [Talker, Talker] {
    return [talker(one), talker(two)];
  }

  test('hear each other by multicast, and every datagram', async () => {
    const [a, b] = both();
    await flush(a, b, 'hello');
    await flush(b, a, 'hello');
    expect(await sendGently(a, b, 'all', 1_000)).toBe(1_000);
  });

  test('lose the share that was asked for', async () => {
    const [a, b] = both();
    network.lose(20);
    await sendGently(a, b, 'some', 2_000);
    network.heal();
    await flush(a, b, 'some');
    // Five and a half standard deviations.
    expect(await b.heard('some')).toBeGreaterThan(1_500);
    expect(await b.heard('some')).toBeLessThan(1_700);
  });

  test('cut one way: nothing passes there, everything the other way', async () => {
    const [a, b] = both();
    network.cutOneWay(network.hosts.slice(0, 1), network.hosts.slice(1));
    await a.send('one way', 100);
    await b.send('other way', 100);
    await flush(b, a, 'other way');
    network.heal();
    await flush(a, b, 'one way');
    expect([await b.heard('one way'), await a.heard('other way')]).toEqual([0, 100]);
  });

  test('cut both ways: nothing passes until it is healed', async () => {
    const [a, b] = both();
    network.cut(network.hosts.slice(0, 1), network.hosts.slice(1));
    await a.send('there', 100);
    await b.send('back', 100);
    network.heal();
    await flush(a, b, 'there');
    await flush(b, a, 'back');
    expect([await b.heard('there'), await a.heard('back')]).toEqual([0, 0]);
  });
});

describe.skipIf(!possible.can)('a network', () => {
  test('has links for packets of the size that was asked for', async () => {
    const network = await makeNamespaces({ hosts: 1, mtuBytes: 9_000 });
    onTestFinished(() => network.remove());
    const command = ['cat', '/sys/class/net/eth0/mtu'] as const;
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    for (const host of network.hosts) {
      const { stdout } = network.spawn(host, command, { stdio: [...stdio] });
      const [printed] = stdout === null ? [] : await once(stdout, 'data');
      expect(Number(printed)).toBe(9_000);
    }
    expect.assertions(1);
  });

  test('is gone with everything that ran in it once it is removed', async () => {
    const before = readdirSync('/sys/class/net');
    const network = await makeNamespaces({ hosts: 2 });
    const [runner] = network.hosts.map((host) => new Talker(network, host));
    await talker(runner).ready();
    expect(network.left()).toHaveLength(3);
    network.remove();
    expect(network.left()).toEqual([]);
    expect(readdirSync('/sys/class/net')).toEqual(before);
    await expect.poll(() => isAlive(talker(runner).pid)).toBe(false);
    network.remove();
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'of a process that ends by %s leaves nothing: at once, or when the next is made',
    async (signal) => {
      const program = fileURLToPath(new URL('./network-child.ts', import.meta.url));
      const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [printed] = await once(child.stdout, 'data');
      const names: string[] = JSON.parse(String(printed));
      expect(names).toHaveLength(2);
      child.kill(signal);
      expect((await once(child, 'exit'))[1]).toBe(signal);
      if (signal === 'SIGKILL') (await makeNamespaces({ hosts: 1 })).remove();
      expect(readdirSync('/run/netns').filter((name) => names.includes(name))).toEqual([]);
    },
  );

  test.each([{ hosts: 0 }, { hosts: 201 }, { hosts: 2, mtuBytes: 100 }])(
    'of %o is refused',
    async (options) => {
      await expect(makeNamespaces(options)).rejects.toMatchObject({ code: 'namespaces-option' });
    },
  );
});

function talker(found: Talker | undefined): Talker {
  if (found === undefined) throw new Error('the network is not up');
  return found;
}

function isAlive(pid: number): boolean {
  return readdirSync('/proc').includes(String(pid));
}
