import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { canMakeNamespaces, type Host, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { timeout } from '../ensemble.ts';

const program = fileURLToPath(new URL('./member.ts', import.meta.url));

class Member {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(network: Namespaces, host: Host, label: string, ...seeds: readonly string[]) {
    const command = [process.execPath, program, label, host.address, ...seeds] as const;
    this.#child = network.spawn(host, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Error('it has no output');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Reads up to the first line that is right. */
  async until(right: RegExp): Promise<string> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`it ended before ${right}`);
      if (right.test(value)) return value;
    }
  }
}

test.runIf(canMakeNamespaces().can)(
  'B2 who speaks alone while it is cut off is granted no lock, and nobody has its fence',
  { timeout },
  async () => {
    const network = await makeNamespaces({ hosts: 3 });
    onTestFinished(() => network.remove());
    const [first, second, third] = network.hosts;
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error('there are no three hosts');
    }
    const seed = `${first.address}:7500`;
    const ann = new Member(network, first, 'ann');
    await ann.until(/^view 1$/);
    const bob = new Member(network, second, 'bob', seed);
    await bob.until(/^view 2$/);
    const eve = new Member(network, third, 'eve', seed);
    await eve.until(/^view 3$/);
    // The others listen: ann is given what she says without waiting for them.
    for (let said = 0; said < 300; said += 1) {
      ann.tell('speak');
      await ann.until(/^spoken$/);
    }
    network.cut([first], [second, third]);
    ann.tell('take');
    await bob.until(/^view 2$/);
    bob.tell('take');
    expect(await bob.until(/^fence/)).toBe('fence 1');
    expect(await ann.until(/^(fence|minority)/)).toBe('minority');
    network.heal();
    expect(await ann.until(/^(fence|failed)/)).toMatch(/^failed/);
  },
);
