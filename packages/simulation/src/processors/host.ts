/**
 * One incarnation of a processor with its driver: what arrives is given to the processor, its effects are performed in
 * order, and it gets its turn when it asked for one, or a little later.
 */
import {
  checked,
  type Effect,
  type GroupId,
  Processor,
  type ProcessorId,
  type ProtocolEvent,
  processorId,
  type Request,
  refusalCodes,
} from '@choir/ftmp';
import type { Alarm, Random, Scheduler } from '@choir/testkit';
import { copyOf, type DatagramNetwork } from '@choir/testkit/datagrams';
import type { Plan } from './plan.ts';

export type HostSurroundings = {
  readonly scheduler: Scheduler;
  readonly network: DatagramNetwork;
  readonly random: Random;
  readonly plan: Pick<Plan, 'settings' | 'nearWrap' | 'fansOut'>;
  /** Where each incarnation is reached: two processes may claim one number. */
  readonly hosts: Map<ProcessorId, string>;
  /** Is shown everything that a processor does. */
  readonly watch: (self: ProcessorId, event: ProtocolEvent) => void;
};

type Backlog = { messages: number; bytes: number };

/** What a socket holds for a process that does not read, in datagrams. */
const socketDatagrams = 2_000;
/** How many of them are read before the processor has its turn, and how long that takes, in milliseconds. */
const readsAtOnce = 32;
const readMs = 0.3;
/** How much later than asked for timers go off, at most. */
const lateMs = 0.5;
/** Is written over memory that a processor has returned, as somebody else would. */
const elses = 0xdd;

export class Host {
  readonly name: string;
  readonly #surroundings: HostSurroundings;
  readonly #processor: Processor;
  #alarm: Alarm | null = null;
  #socket: Uint8Array[] = [];
  #isPaused = false;
  #isEnded = false;
  #isTaking = true;
  /** Deliveries that the application has not taken. */
  readonly #untaken = new Map<GroupId, Backlog>();
  readonly #returned: Uint8Array[] = [];

  /**
   * @param number its incarnation is drawn
   * @param name where it is attached to the network
   */
  constructor(number: number, name: string, surroundings: HostSurroundings) {
    const { network, random, plan, hosts, watch } = surroundings;
    const self = processorId(number, random.uint32());
    this.name = name;
    this.#surroundings = surroundings;
    hosts.set(self, name);
    const near = plan.nearWrap;
    this.#processor = new Processor({
      self,
      address: new Uint8Array([number % 256]),
      settings: plan.settings,
      envelope: checked,
      fansOut: plan.fansOut,
      random: () => random.unit(),
      firstSequence: near === null ? 0 : 2 ** 32 - near,
      firstTimestamp: near === null ? 0 : 2 ** 32 - 2 * near,
      observe: (event) => watch(self, event),
      returned: (bytes) => this.#returned.push(bytes),
    });
    network.attach(name, (bytes) => this.#arrived(bytes));
  }

  /** Called for every effect but datagrams. */
  onEffect: (effect: Effect) => void = () => {};

  get id(): ProcessorId {
    return this.#processor.id;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** What the processor holds of a group. */
  buffered(group: GroupId): ReturnType<Processor['buffered']> {
    return this.#processor.buffered(group);
  }

  join(group: GroupId, init: boolean): void {
    this.act((processor, now) => processor.join(group, now, init));
  }

  leave(group: GroupId): void {
    this.act((processor, now) => processor.leave(group, now));
  }

  submit(
    group: GroupId,
    bytes: Uint8Array,
    { safe, request = null }: { readonly safe: boolean; readonly request?: Request | null },
  ): 'queued' | 'full' | 'closed' {
    const answer = this.#processor.submit(group, { bytes: copyOf(bytes), safe, request });
    if (answer === 'queued') this.#wake(0);
    return answer;
  }

  /** Does something with the processor, which gets its turn then. */
  act(act: (processor: Processor, now: number) => void): void {
    act(this.#processor, this.#surroundings.scheduler.now);
    this.#wake(0);
  }

  /** Nothing more goes in or out. */
  end(): void {
    this.#isEnded = true;
    this.#surroundings.scheduler.cancel(this.#alarm);
    this.#surroundings.network.detach(this.name);
  }

  /** SIGSTOP and SIGCONT. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) this.#wake(0);
  }

  /** Whether the application takes what it is given. */
  setTaking(isTaking: boolean): void {
    this.#isTaking = isTaking;
    this.#processor.progress(0, !isTaking);
    if (!isTaking) return;
    for (const [group, { bytes, messages }] of this.#untaken) {
      this.#processor.delivered(group, bytes, messages);
    }
    this.#untaken.clear();
    this.#wake(0);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#socket.length >= socketDatagrams) return;
    this.#socket.push(bytes);
    if (!this.#isPaused) this.#wake(0);
  }

  #wake(delayMs: number): void {
    if (this.#isEnded) return;
    const { scheduler } = this.#surroundings;
    const at = scheduler.now + delayMs;
    if (this.#alarm?.pending === true && this.#alarm.time <= at) return;
    scheduler.cancel(this.#alarm);
    this.#alarm = scheduler.at(at, () => this.#turn());
  }

  #turn(): void {
    if (this.#isEnded || this.#isPaused) return;
    const { scheduler, random } = this.#surroundings;
    const now = scheduler.now;
    const read = this.#socket.splice(0, readsAtOnce);
    const isBehind = this.#socket.length > 0;
    for (const bytes of read) this.#processor.receive(copyOf(bytes), now);
    this.#understood();
    this.#processor.turn(now, isBehind);
    this.#perform();
    const { due } = this.#processor;
    if (isBehind) this.#wake(readMs);
    else if (due !== Number.POSITIVE_INFINITY) {
      this.#wake(Math.max(0.01, due - now) + random.unit() * lateMs);
    }
  }

  /** What one processor has encoded every other one can decode: whatever is damaged on its way the envelope has kept out. */
  #understood(): void {
    const { refused } = this.#processor;
    const code = refusalCodes.find((one) => refused.has(one));
    if (code !== undefined) throw new Error(`${this.name} cannot read a message: ${code}`);
  }

  #perform(): void {
    const { network, hosts } = this.#surroundings;
    for (const effect of this.#processor.drain()) {
      if (this.#isEnded) return;
      if (effect.kind === 'send') {
        const { to, bytes } = effect;
        const name = typeof to === 'number' ? hosts.get(to) : 'all';
        if (name !== undefined) network.send(this.name, name, bytes);
      } else {
        this.#tell(effect);
      }
    }
    for (const bytes of this.#returned.splice(0)) bytes.fill(elses);
  }

  #tell(effect: Effect): void {
    if (effect.kind !== 'deliver') {
      this.onEffect(effect);
      return;
    }
    this.#delivered(effect.group, effect.bytes.length);
    this.onEffect({ ...effect, bytes: copyOf(effect.bytes) });
  }

  #delivered(group: GroupId, bytes: number): void {
    if (this.#isTaking) {
      this.#processor.delivered(group, bytes);
      return;
    }
    const backlog = this.#untaken.get(group) ?? { messages: 0, bytes: 0 };
    backlog.messages += 1;
    backlog.bytes += bytes;
    this.#untaken.set(group, backlog);
  }
}
