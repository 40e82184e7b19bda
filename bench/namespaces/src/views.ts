/** The views that nodes tell, waited for. */
import { EventEmitter, once } from 'node:events';
import { readView, type View } from './load.ts';
import { type Program, ProgramError } from './programs.ts';

export class Views {
  readonly #programs: readonly Program[];
  readonly #told: readonly View[][];
  readonly #news = new EventEmitter();
  #unreadable: Error | null = null;

  /** @param programs one for each node, each prints a line for each view */
  constructor(programs: readonly Program[]) {
    this.#programs = programs;
    this.#told = programs.map(() => []);
    for (const [at, program] of programs.entries()) void this.#read(program, this.#told[at] ?? []);
  }

  /**
   * Waits until nodes have a view of so many members.
   *
   * @param nodes their numbers, from 1
   * @param sinceNs views before this time of CLOCK_MONOTONIC do not count
   * @returns when the last of the nodes had it, in ns of CLOCK_MONOTONIC
   * @throws ProgramError when that takes too long, or one of the nodes is gone
   */
  async until(
    nodes: readonly number[],
    members: number,
    { sinceNs, withinMs }: { readonly sinceNs: bigint; readonly withinMs: number },
  ): Promise<bigint> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = nodes.map((node) => this.#first(node, members, sinceNs));
      const times = found.filter((atNs) => atNs !== undefined);
      if (times.length === nodes.length) return times.reduce((a, b) => (a > b ? a : b), 0n);
      await once(this.#news, 'told', { signal: late }).catch(() => {
        const which = `nodes ${nodes.join(', ')}`;
        throw new ProgramError(`Not all of ${which} had ${members} members in ${withinMs} ms.`);
      });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end('SIGKILL')));
  }

  #first(node: number, members: number, sinceNs: bigint): bigint | undefined {
    if (this.#unreadable !== null) throw this.#unreadable;
    const views = this.#told[node - 1] ?? [];
    const found = views.find((view) => view.atNs >= sinceNs && view.members === members);
    if (found !== undefined) return found.atNs;
    const program = this.#programs[node - 1];
    if (program !== undefined && !program.isRunning) throw program.failure;
    return undefined;
  }

  async #read(program: Program, views: View[]): Promise<void> {
    try {
      for await (const line of program.lines()) {
        views.push(readView(line));
        this.#news.emit('told');
      }
      await program.ended();
    } catch (error) {
      this.#unreadable = error as Error;
    }
    this.#news.emit('told');
  }
}
