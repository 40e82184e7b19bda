/** The process of a node of ours on a host, which is told what to do and tells what happens over IPC. */
import { EventEmitter, once } from 'node:events';
import type { Host, Namespaces } from '@choir/testkit/node';
import { Program, ProgramError } from '../programs.ts';

type Kind = { readonly kind: string };
type ToldOf<Told, Of> = Extract<Told, { readonly kind: Of }>;

/** What a node is told, and what it tells. */
export class NodeProcess<Command extends object, Told extends Kind> {
  readonly program: Program;
  readonly #news = new EventEmitter();
  readonly #child: ReturnType<Namespaces['spawn']>;
  readonly #told: Told[] = [];

  /** @param path of its program */
  constructor(network: Namespaces, host: Host, path: string) {
    this.#child = network.spawn(host, [process.execPath, path], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.program = new Program(`node ${host.number}`, this.#child);
    this.#child.on('message', (told: Told) => {
      this.#told.push(told);
      this.#news.emit('told');
    });
    this.#child.on('exit', () => this.#news.emit('told'));
  }

  tell(command: Command): void {
    this.#child.send(command);
  }

  /**
   * Waits until it has told something of this kind, or had before.
   *
   * @returns the first that is right; any when nothing says what is right
   * @throws ProgramError when that takes too long, or it is gone
   */
  async until<Of extends Told['kind']>(
    kind: Of,
    withinMs: number,
    isRight: (told: ToldOf<Told, Of>) => boolean = () => true,
  ): Promise<ToldOf<Told, Of>> {
    const late = AbortSignal.timeout(withinMs);
    const isOfKind = (told: Told): told is ToldOf<Told, Of> => told.kind === kind;
    for (;;) {
      const found = this.#told.filter(isOfKind).find(isRight);
      if (found !== undefined) return found;
      if (!this.program.isRunning) throw this.program.failure;
      await once(this.#news, 'told', { signal: late }).catch(() => {
        throw new ProgramError(`A node did not tell of its ${kind} in ${withinMs} ms.`);
      });
    }
  }
}
