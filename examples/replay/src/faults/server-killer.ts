import type { OwnServer } from './own-server.ts';

/** Kills the server again and again; the time in between counts from its being ready again. */
export class ServerKiller {
  readonly #server: OwnServer;
  readonly #everyMs: number;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #restarting: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(server: OwnServer, everyMs: number, onFailure: (error: unknown) => void) {
    this.#server = server;
    this.#everyMs = everyMs;
    this.#onFailure = onFailure;
    this.#arm();
  }

  /** Resolves when the server is up and is left alone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#restarting;
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#restarting = this.#server.killAndRestart().then(() => {
        if (!this.#stopped) this.#arm();
      }, this.#onFailure);
    }, this.#everyMs);
  }
}
