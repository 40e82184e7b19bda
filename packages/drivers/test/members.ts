// Processes with one processor each, on this machine: started, told, waited for, ended.
import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Host, Namespaces } from '@choir/testkit/node';
import { onTestFinished } from 'vitest';
import type { NetworkOptions } from '../src/index.ts';
import type { Command, Told } from './member-message.ts';

type ToldOf<Kind extends Told['kind']> = Extract<Told, { readonly kind: Kind }>;

const program = new URL('./member.ts', import.meta.url);
const withinMs = 20_000;

export class Member {
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #news = new EventEmitter();

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (told: Told) => {
      this.#told.push(told);
      this.#news.emit('told');
    });
    child.on('exit', () => this.#news.emit('told'));
  }

  tell(command: Command): void {
    this.#child.send(command);
  }

  /** What it told so far. */
  all<Kind extends Told['kind']>(kind: Kind): readonly ToldOf<Kind>[] {
    return this.#told.filter((told): told is ToldOf<Kind> => told.kind === kind);
  }

  /** The first thing of this kind that it tells, or has told, which is right. */
  async until<Kind extends Told['kind']>(
    kind: Kind,
    isRight: (told: ToldOf<Kind>) => boolean = () => true,
    after = 0,
  ): Promise<ToldOf<Kind>> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = this.all(kind).slice(after).find(isRight);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null) throw new Error(`a member ended before ${kind}`);
      await once(this.#news, 'told', { signal: late }).catch(() => {
        throw new Error(`no ${kind} in ${withinMs} ms: ${JSON.stringify(this.#told.slice(-5))}`);
      });
    }
  }

  /** A view of so many members. */
  view(members: number, after = 0): Promise<ToldOf<'view'>> {
    return this.until('view', (told) => told.members.length === members, after);
  }

  /** Asks until the answer is right. */
  async ask<Kind extends 'count' | 'statistics'>(
    kind: Kind,
    isRight: (told: ToldOf<Kind>) => boolean = () => true,
  ): Promise<ToldOf<Kind>> {
    for (;;) {
      const before = this.all(kind).length;
      this.tell({ kind });
      const told = await this.until(kind, () => true, before);
      if (isRight(told)) return told;
    }
  }

  /** Its main thread goes on, which is blocked until this. */
  release(): void {
    this.#child.stdin?.write('.');
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
  }
}

const stdio: StdioOptions = ['pipe', 'inherit', 'inherit', 'ipc'];

/** Starts a process on a host of a network, or on this machine; it is killed when the test is over. */
export function startMember(on?: { readonly network: Namespaces; readonly host: Host }): Member {
  const child =
    on === undefined
      ? fork(program, { stdio })
      : on.network.spawn(on.host, [process.execPath, fileURLToPath(program)], { stdio });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return new Member(child);
}

export type GroupOptions = Omit<Extract<Command, { kind: 'open' }>, 'kind' | 'network' | 'init'>;

/** Members of one group over unicast on loopback, all in one view; the first one made the group. */
export async function startGroup(count: number, options: GroupOptions = {}): Promise<Member[]> {
  const members: Member[] = [];
  const seeds: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const network: NetworkOptions = { kind: 'unicast', host: '127.0.0.1', seeds: [...seeds] };
    const member = startMember();
    members.push(member);
    member.tell({ kind: 'open', network, init: n === 0, ...options });
    const { address } = await member.until('opened');
    seeds.push(address);
  }
  for (const member of members) await member.view(count);
  return members;
}
