/**
 * A user: works on one identity through whatever process it has at the moment, and remembers what a person
 * would: which groups it is in, and which of its lock requests wait.
 */
import type { SessionEvent } from '@choir/client/session';
import type { GroupName, LocalId, Position } from '@choir/protocol';
import type { ProcessClock, Random } from '@choir/testkit';
import { ClientProcess } from '../world/client-process.ts';
import { Owner } from '../world/owner.ts';
import type { Surroundings } from '../world/surroundings.ts';

export class User {
  readonly name: string;
  readonly random: Random;
  readonly clock: ProcessClock;
  readonly waiting = new Map<LocalId, GroupName>();
  /** Positions seen in groups, to watch from. */
  readonly seen = new Map<GroupName, Position>();
  owner: Owner;
  process: ClientProcess | null = null;
  /** Commands that were taken. */
  operations = 0;
  readonly #surroundings: Surroundings;
  readonly #outboxMax: number;
  #lives = 0;
  #identities = 0;
  #payloads = 0;
  #reopens = false;

  constructor(
    surroundings: Surroundings,
    options: {
      readonly name: string;
      readonly clock: ProcessClock;
      readonly clientId: Owner['clientId'];
      readonly outboxMax: number;
    },
  ) {
    this.#surroundings = surroundings;
    this.#outboxMax = options.outboxMax;
    this.name = options.name;
    this.clock = options.clock;
    this.random = surroundings.random.fork(`user ${options.name}`);
    this.owner = this.#newOwner(options.clientId);
  }

  get node(): string {
    return this.process?.node ?? this.name;
  }

  /** There is a process, and it can be worked with. */
  get working(): ClientProcess | null {
    const { process } = this;
    return process === null || process.ended || process.still ? null : process;
  }

  /** Starts a process with what the owner has stored, and goes on in the groups that it was in. */
  start(): void {
    if (this.process !== null && !this.process.ended) return;
    this.#lives += 1;
    const process = new ClientProcess(
      {
        node: `${this.name}.${this.#lives}`,
        life: this.#lives,
        owner: this.owner,
        clock: this.clock,
        heard: (event) => this.#heard(event),
        outboxMax: this.#outboxMax,
      },
      this.#surroundings,
    );
    this.process = process;
    this.waiting.clear();
    const groups = [...this.owner.wishes].map((group) => ({ group, name: this.name }));
    for (const wanted of groups) process.command({ kind: 'join', groups: [wanted] });
  }

  startAfter(ms: number): void {
    if (this.#reopens) return;
    this.#reopens = true;
    this.#surroundings.scheduler.after(ms, () => {
      this.#reopens = false;
      this.start();
    });
  }

  /** The identity is lost with its outbox: from now on this user is somebody else. */
  becomeAnother(): void {
    const { wishes, clientId } = this.owner;
    // The administrator's name is known, and its secret lost: it cannot be had again.
    this.owner = this.#newOwner(null);
    if (clientId !== null) for (const wish of wishes) this.owner.wishes.add(wish);
  }

  /** A second process with the same outbox, while the first one still runs. */
  fork(): void {
    this.process?.disown();
    this.process = null;
    this.start();
  }

  payload(large: number): Uint8Array {
    this.#payloads += 1;
    const text = `${this.name}-${this.#payloads}`;
    const bytes = new Uint8Array(Math.max(text.length, large)).fill(0x2e);
    for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
    return bytes;
  }

  #newOwner(clientId: Owner['clientId']): Owner {
    this.#identities += 1;
    const name = this.#identities === 1 ? this.name : `${this.name}/${this.#identities}`;
    return new Owner(name, this.random.fork(`secret ${name}`).bytes(16), clientId);
  }

  #heard(event: SessionEvent): void {
    if (event.kind === 'attached') this.owner.registered = true;
    if (event.kind === 'message') this.seen.set(event.group, event.at);
    if (event.kind === 'left' && event.why !== 'unwatched') this.owner.wishes.delete(event.group);
    if (event.kind === 'lock' && event.request !== null) {
      if (event.state === 'waiting') this.waiting.set(event.request, event.group);
      else this.waiting.delete(event.request);
    }
  }
}
