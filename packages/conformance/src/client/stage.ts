/** What a case about a client has: the client, and the server that it talks to. */
import { ScriptedServer, type ServerSide } from './scripted-server.ts';
import { Testee } from './testee.ts';

export const group = 'conformance/a';

export class ClientStage {
  readonly testee: Testee;
  readonly #server: ScriptedServer;
  /** A client may wait before it comes back. */
  readonly #backMsMax: number;

  private constructor(server: ScriptedServer, testee: Testee, backMsMax: number) {
    this.#server = server;
    this.#backMsMax = backMsMax;
    this.testee = testee;
  }

  static async start(command: string, patienceMs: number): Promise<ClientStage> {
    const server = await ScriptedServer.start(patienceMs);
    return new ClientStage(server, new Testee(command, server.url, patienceMs), 2 * patienceMs);
  }

  /** The client's next connection. */
  async connection(): Promise<ServerSide> {
    const withinMs = this.#backMsMax;
    const found = await this.#server.connection(withinMs);
    if (found === null) throw new Error(`the client did not connect within ${withinMs} ms`);
    return found;
  }

  /** Fails when the client connects again within that time. */
  async noConnection(forMs: number): Promise<void> {
    const found = await this.#server.connection(forMs);
    if (found !== null) throw new Error('the client connected again');
  }

  /** The first connection of a client that was told to join the group. */
  firstConnection(): Promise<ServerSide> {
    this.testee.order({ do: 'join', group });
    return this.connection();
  }

  /** A client that was welcomed and has joined the group, at that position. */
  async joined(at: number, mark = 0): Promise<ServerSide> {
    const side = await this.firstConnection();
    await side.welcome();
    await side.transfer(at, mark);
    await this.testee.event('joined');
    return side;
  }

  say(...texts: readonly string[]): void {
    this.testee.order(...texts.map((text) => ({ do: 'broadcast', group, text }) as const));
  }

  async end(): Promise<void> {
    await this.testee.stop();
    await this.#server.stop();
  }
}
