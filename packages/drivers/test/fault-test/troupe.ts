// The processes of a fault test: started, killed, stopped and waited for; and what the world records of it.
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Records, ViewsRecord } from '@choir/testkit/views';
import { lastNode } from '../recordings.ts';
import { machineNow } from './clock.ts';
import type { LinkNetwork } from './link-network.ts';
import { Member } from './member.ts';

export const group = 1;
const program = fileURLToPath(new URL('./member-process.ts', import.meta.url));
const messageEveryMs = 40;

export class Troupe {
  readonly network: LinkNetwork;
  readonly processors: readonly number[];
  /** What the processes cannot know. */
  readonly world: ViewsRecord[] = [];
  /** Of every process that was started. */
  readonly traces: string[] = [];
  readonly #folder: string;
  readonly #key = randomBytes(32).toString('hex');
  readonly #members = new Map<number, Member>();
  readonly #news = new EventEmitter();

  constructor(network: LinkNetwork, processors: number, folder: string) {
    this.network = network;
    this.processors = Array.from({ length: processors }, (_, at) => at + 1);
    this.#folder = folder;
    this.#news.setMaxListeners(0);
  }

  member(processor: number): Member {
    const member = this.#members.get(processor);
    if (member === undefined) throw new RangeError(`processor ${processor} was never started`);
    return member;
  }

  async start(processor: number, init = false): Promise<void> {
    const trace = join(this.#folder, `${processor}-${this.traces.length}.jsonl`);
    const { child, network } = await this.network.place(processor, program);
    const member = new Member(child, { processor, trace, news: this.#news });
    this.traces.push(trace);
    this.#members.set(processor, member);
    member.tell({ kind: 'open', processor, network, init, key: this.#key, trace });
    member.tell({ kind: 'work', everyMs: messageEveryMs });
  }

  /** kill -9; the time of it. */
  async kill(processor: number): Promise<number> {
    const member = this.member(processor);
    const at = machineNow();
    member.signal('SIGKILL');
    await member.ended();
    const node = lastNode(member.trace);
    if (node !== null) this.record('crashed', {}, node);
    return at;
  }

  pause(processor: number): void {
    this.member(processor).signal('SIGSTOP');
  }

  resume(processor: number): void {
    this.member(processor).signal('SIGCONT');
  }

  record<Kind extends keyof Records>(kind: Kind, fields: Records[Kind], node = 'world'): void {
    this.world.push({ t: machineNow(), node, kind, ...fields } as unknown as ViewsRecord);
  }

  /** Whether all these are in one view, and nobody else. */
  areTogether(processors: readonly number[] = this.processors): boolean {
    const views = processors.map((processor) => this.member(processor).view);
    const all = views.flatMap((view) => (view === null ? [] : [view.own]));
    return (
      all.length === processors.length &&
      views.every(
        (view) =>
          view?.members.length === all.length && all.every((own) => view.members.includes(own)),
      )
    );
  }

  /** Waits until it holds; false when it does not in this time. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const late = AbortSignal.timeout(withinMs);
    while (!holds()) {
      try {
        await once(this.#news, 'news', { signal: late });
      } catch {
        return holds();
      }
    }
    return true;
  }

  /** Nobody sends any more. */
  async rest(withinMs: number): Promise<boolean> {
    for (const member of this.#members.values()) member.tell({ kind: 'work', everyMs: null });
    const all = [...this.#members.values()];
    return await this.until(
      () => all.every(({ isResting, hasEnded }) => isResting || hasEnded),
      withinMs,
    );
  }

  /** All processes end in order; those that do not within this time are killed. */
  async end(withinMs: number): Promise<void> {
    const all = [...this.#members.values()];
    for (const member of all) member.tell({ kind: 'close' });
    await this.until(() => all.every(({ hasEnded }) => hasEnded), withinMs);
    for (const member of all) if (!member.hasEnded) member.signal('SIGKILL');
    await Promise.all(all.map((member) => member.ended()));
  }
}
