/**
 * A scene: a server and a few named clients on a quiet network, for a script that says what each does and when
 * its line is cut. The same processes as in the world, without luck.
 */
import type { Command } from '@choir/client/session';
import {
  type ClientId,
  type GroupName,
  type ObjectId,
  parseClientId,
  parseGroupName,
  parseObjectId,
} from '@choir/protocol';
import {
  defaultLink,
  Network,
  ProcessClock,
  Random,
  Scheduler,
  Trace,
  type TraceEvent,
} from '@choir/testkit';
import { Judge, type TraceRecord, type Violation } from '@choir/testkit/checkers';
import { Recorder } from '../record/recorder.ts';
import { ClientProcess } from '../world/client-process.ts';
import type { Frame } from '../world/frame.ts';
import { Owner } from '../world/owner.ts';
import { ServerProcess, serverHost } from '../world/server-process.ts';
import type { Surroundings } from '../world/surroundings.ts';

export class Scene {
  readonly records: TraceRecord[] = [];
  readonly #surroundings: Surroundings;
  readonly #recorder: Recorder;
  readonly #server: ServerProcess;
  readonly #judge = new Judge();
  readonly #clients = new Map<string, ClientProcess>();

  constructor(seed: string) {
    const random = new Random(seed);
    const trace = new Trace<TraceEvent>(0);
    trace.observe((event) => {
      const record = event as unknown as TraceRecord;
      this.records.push(record);
      this.#judge.see(record);
    });
    const scheduler = new Scheduler();
    const link = { ...defaultLink, latencyMs: 5, jitterMs: 0.01 };
    const network = new Network<Frame>({ scheduler, random: random.fork('network'), link });
    this.#recorder = new Recorder(scheduler, trace, 'world');
    const seen = new Set<string>();
    this.#surroundings = {
      scheduler,
      network,
      random,
      recorder: this.#recorder,
      issuer: null,
      seen,
    };
    const settings = { heartbeatMs: 1_000, idleMs: 3_000, rowsDelayMs: 0 };
    this.#server = new ServerProcess(this.#surroundings, { settings, driftPpm: 0 });
    this.#server.start();
    this.wait(100);
  }

  wait(ms: number): void {
    const { scheduler } = this.#surroundings;
    scheduler.run(scheduler.now + ms);
  }

  /** A client of that name, which is its id too. */
  client(name: string): ClientProcess {
    const secret = this.#surroundings.random.fork(`secret ${name}`).bytes(16);
    return this.#start(name, 1, new Owner(name, secret, parsed(parseClientId(name))));
  }

  /** The client comes back with what it had stored. */
  returns({ node, owner }: ClientProcess): ClientProcess {
    return this.#start(node, 2, owner);
  }

  #start(node: string, life: number, owner: Owner): ClientProcess {
    const process = new ClientProcess(
      {
        node,
        life,
        owner,
        clock: new ProcessClock(this.#surroundings.scheduler),
        heard: () => {},
        outboxMax: 100,
      },
      this.#surroundings,
    );
    this.#clients.set(node, process);
    this.wait(50);
    return process;
  }

  /** Has a client do something, and waits for what comes of it. */
  do(client: ClientProcess, command: Command): void {
    const { kind } = client.command(command);
    if (kind === 'refused') throw new Error(`"${command.kind}" was refused.`);
    this.wait(50);
  }

  cut(client: ClientProcess): void {
    this.#surroundings.network.part([client.node], [serverHost]);
    const fault = { fault: 'partition', hit: client.node, bit: true, lasts: null };
    this.#recorder.record('fault', fault);
  }

  mend(client: ClientProcess): void {
    this.#surroundings.network.join([client.node], [serverHost]);
    this.#recorder.record('heal', { fault: 'partition', hit: client.node });
    client.wake();
  }

  /** Has everybody say what it has, and closes: what the checkers have to say about it all. */
  end(): readonly Violation[] {
    this.#recorder.record('phase', { phase: 'quiet' });
    for (const client of this.#clients.values()) if (!client.ended) client.recordCopies();
    this.#server.shutdown(() => {});
    this.wait(100);
    this.#server.recordKept();
    return this.#judge.finish();
  }
}

export function group(name: string): GroupName {
  return parsed(parseGroupName(name));
}

export function object(name: string): ObjectId {
  return parsed(parseObjectId(name));
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function parsed<T extends ClientId | GroupName | ObjectId>(value: T | null): T {
  if (value === null) throw new Error('A name of the script is none.');
  return value;
}
