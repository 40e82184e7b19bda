// A member on a host of its own, as a test has it.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Host, Namespaces } from '@choir/testkit/node';

const program = fileURLToPath(new URL('./member.ts', import.meta.url));

export class PartedMember {
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
    return (await this.linesUntil(right)).at(-1) ?? '';
  }

  /** What it tells up to the first line that is right. */
  async linesUntil(right: RegExp): Promise<readonly string[]> {
    const lines: string[] = [];
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`it ended before ${right}`);
      lines.push(value);
      if (right.test(value)) return lines;
    }
  }
}

/** The first makes the group, the others join it; all are in one view, and the others have only listened to the first. */
export async function orchestra(
  network: Namespaces,
): Promise<readonly [PartedMember, PartedMember, PartedMember]> {
  const [first, second, third] = network.hosts;
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('there are no three hosts');
  }
  const seed = `${first.address}:7500`;
  const ann = new PartedMember(network, first, 'ann');
  await ann.until(/^view 1$/);
  const bob = new PartedMember(network, second, 'bob', seed);
  await bob.until(/^view 2$/);
  const eve = new PartedMember(network, third, 'eve', seed);
  await eve.until(/^view 3$/);
  // The others listen: ann is given what she says without waiting for them.
  for (let said = 0; said < 300; said += 1) {
    ann.tell('speak');
    await ann.until(/^spoken$/);
  }
  return [ann, bob, eve];
}
