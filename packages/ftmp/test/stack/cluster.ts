/** A few processors on a network that loses nothing and takes a millisecond, in virtual time. */
import {
  checked,
  defaultSettings,
  type Effect,
  type EffectOf,
  type GroupId,
  groupId,
  Processor,
  type ProcessorId,
  type ProtocolEvent,
  processorId,
  type Settings,
} from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';

export const group: GroupId = groupId(1);

export type ClusterOptions = {
  readonly settings?: Partial<Settings>;
  /** The number before the first message, and the clock at the start. */
  readonly firstSequence?: number;
  readonly firstTimestamp?: number;
  /** Larger datagrams are lost. */
  readonly passesBytes?: number;
  /** There is no multicast. */
  readonly fansOut?: boolean;
  /** Of a group that is formed: processors besides that are not in it. */
  readonly beside?: number;
};

type Datagram = {
  readonly from: ProcessorId;
  readonly to: ProcessorId;
  readonly bytes: Uint8Array;
};

export class Cluster {
  readonly processors: readonly Processor[];
  /** All effects of each processor but what it sent, in order. */
  readonly effects: readonly Effect[][];
  /** What each processor told of itself. */
  readonly events: readonly ProtocolEvent[][];
  now = 0;
  /** Processors that neither hear nor do anything. */
  readonly silent = new Set<ProcessorId>();
  /** Processors whose application takes nothing. */
  readonly greedless = new Set<ProcessorId>();
  readonly #passesBytes: number;
  /** Whether this datagram does not come from one processor to the other. */
  isCut: (from: ProcessorId, to: ProcessorId, bytes: Uint8Array) => boolean = () => false;
  /** What did not arrive for that reason. */
  readonly lost: Datagram[] = [];
  #flying: Datagram[] = [];
  /** R5: of the processor whose turn it is; somebody else writes there then. */
  readonly #returned: Uint8Array[] = [];

  constructor(
    size: number,
    {
      settings,
      firstSequence = 0,
      firstTimestamp = 0,
      passesBytes,
      fansOut = false,
    }: ClusterOptions = {},
  ) {
    this.#passesBytes = passesBytes ?? Number.POSITIVE_INFINITY;
    const events: ProtocolEvent[][] = Array.from({ length: size }, () => []);
    this.events = events;
    this.processors = Array.from(
      { length: size },
      (_, at) =>
        new Processor({
          self: processorId(at + 1, 7),
          address: new Uint8Array([at + 1]),
          settings: { ...defaultSettings, ...settings },
          envelope: checked,
          random: () => 0.5,
          fansOut,
          firstSequence,
          firstTimestamp,
          observe: (event) => events[at]?.push(event),
          returned: (bytes) => this.#returned.push(bytes),
        }),
    );
    this.effects = this.processors.map(() => []);
  }

  /** So many in one view. */
  static formed(members: number, options: ClusterOptions = {}): Cluster {
    const cluster = new Cluster(members + (options.beside ?? 0), options);
    for (let number = 1; number <= members; number += 1) {
      cluster.at(number).join(group, cluster.now, number === 1);
      cluster.run(300);
    }
    return cluster;
  }

  at(number: number): Processor {
    const processor = this.processors[number - 1];
    if (processor === undefined) throw new RangeError(`there is no processor ${number}`);
    return processor;
  }

  send(number: number, text: string, safe = false): ReturnType<Processor['submit']> {
    const bytes = new TextEncoder().encode(text);
    return this.at(number).submit(group, { bytes, safe, request: null });
  }

  /** Lets so many milliseconds pass. */
  run(forMs: number): void {
    const end = this.now + forMs;
    while (this.now < end) {
      this.now += 1;
      const arriving = this.#flying;
      this.#flying = [];
      for (const { to, bytes } of arriving) {
        const processor = this.processors.find(({ id }) => id === to);
        if (processor !== undefined && !this.silent.has(to))
          processor.receive(bytes.slice(), this.now);
      }
      for (const [at, processor] of this.processors.entries()) {
        if (!this.silent.has(processor.id)) this.#turn(processor, this.effects[at] ?? []);
      }
    }
  }

  /**
   * One of the members leaves, who is heard, and lacks something, so that it cannot acknowledge that it leaves, until `isCut` is set
   * anew. The second has to be another member.
   */
  leaveLacking(number: number): void {
    const { id } = this.at(number);
    this.isCut = (_from, to, bytes) => to === id && bytes[7] === messageTypes.regular;
    this.send(2, 'lost');
    this.run(3);
    this.at(number).leave(group, this.now);
    this.run(5);
  }

  /** Everything that is under way is lost. */
  loseAll(): void {
    this.#flying = [];
  }

  transmit(datagram: Datagram): void {
    const { from, to, bytes } = datagram;
    if (this.isCut(from, to, bytes)) this.lost.push(datagram);
    else this.#flying.push(datagram);
  }

  of<Kind extends Effect['kind']>(number: number, kind: Kind): EffectOf<Kind>[] {
    const effects = this.effects[number - 1] ?? [];
    return effects.filter((effect): effect is EffectOf<Kind> => effect.kind === kind);
  }

  /** How many datagrams a processor originated. */
  datagrams(number: number): number {
    return (this.events[number - 1] ?? []).filter(({ kind }) => kind === 'sent').length;
  }

  /** What the application of a processor was given, as text. */
  texts(number: number): string[] {
    return this.of(number, 'deliver').map(({ bytes }) => new TextDecoder().decode(bytes));
  }

  #turn(processor: Processor, effects: Effect[]): void {
    processor.turn(this.now);
    for (const effect of processor.drain()) {
      if (effect.kind === 'deliver') effects.push({ ...effect, bytes: effect.bytes.slice() });
      else if (effect.kind !== 'send') effects.push(effect);
      if (effect.kind === 'deliver' && !this.greedless.has(processor.id)) {
        processor.delivered(effect.group, effect.bytes.length);
      }
      if (effect.kind !== 'send') continue;
      const { to, bytes } = effect;
      if (bytes.length > this.#passesBytes) continue;
      for (const { id } of this.processors) {
        if (id === processor.id || (typeof to === 'number' && to !== id)) continue;
        this.transmit({ from: processor.id, to: id, bytes });
      }
    }
    for (const bytes of this.#returned.splice(0)) bytes.fill(0xdd);
  }
}
