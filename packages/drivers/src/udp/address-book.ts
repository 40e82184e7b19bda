/**
 * Where processors are reached, by group. Who was forgotten is still told what is meant for it alone (its exclusion),
 * and is asked when a processor looks for anyone.
 *
 * A1 Of a processor that told no address the book knows where its datagrams come from, and uses that for what is meant for it
 *    alone. Anybody can forge it, so it never stands before what members have said, and nobody else is sent there.
 */
import { type GroupId, isRefusal, type ProcessorId, readHeader } from '@choir/ftmp';
import { type Destination, decodeDestination, destinationText } from './destination.ts';

/** Addresses remembered of processors that were forgotten; the oldest go first. */
const forgottenMax = 1_024;
/** Strangers remembered; who was not heard for the longest time goes first. */
export const strangersMax = 1_024;

export class AddressBook {
  readonly #groups = new Map<GroupId, Map<ProcessorId, Destination>>();
  readonly #known = new Map<ProcessorId, Destination>();
  readonly #forgotten = new Map<ProcessorId, Destination>();
  readonly #strangers = new Map<ProcessorId, Destination>();
  readonly #seeds: Iterable<Destination>;
  readonly #own: string;
  /** Addresses that were none. */
  refused = 0;

  /** @param seeds asked for anyone; what they are may change */
  constructor(own: Destination, seeds: Iterable<Destination>) {
    this.#own = destinationText(own);
    this.#seeds = seeds;
  }

  learn(group: GroupId, processor: ProcessorId, address: Uint8Array): void {
    const destination = decodeDestination(address);
    if (destination === null) {
      this.refused += 1;
      return;
    }
    const members = this.#groups.get(group) ?? new Map<ProcessorId, Destination>();
    this.#groups.set(group, members.set(processor, destination));
    this.#known.set(processor, destination);
    this.#forgotten.delete(processor);
    this.#strangers.delete(processor);
  }

  /** A1: a message that the gate let pass. What is sent again may come from another than its source, and tells nothing. */
  heard(message: Uint8Array, { address, port }: Destination): void {
    const header = readHeader(message);
    if (isRefusal(header) || header.retransmission) return;
    const { source } = header;
    if (this.#known.has(source) || this.#forgotten.has(source)) return;
    this.#strangers.delete(source);
    this.#strangers.set(source, { address, port });
    if (this.#strangers.size > strangersMax) dropOldest(this.#strangers);
  }

  forget(group: GroupId, processor: ProcessorId): void {
    const members = this.#groups.get(group);
    members?.delete(processor);
    if (members?.size === 0) this.#groups.delete(group);
    for (const others of this.#groups.values()) if (others.has(processor)) return;
    this.#retire(processor);
  }

  /** A group is over for this processor: it has left, or was excluded. */
  forgetGroup(group: GroupId): void {
    const members = this.#groups.get(group)?.keys() ?? [];
    for (const processor of [...members]) this.forget(group, processor);
  }

  of(processor: ProcessorId): Destination | undefined {
    return (
      this.#known.get(processor) ?? this.#forgotten.get(processor) ?? this.#strangers.get(processor)
    );
  }

  group(group: GroupId): Iterable<Destination> {
    return this.#groups.get(group)?.values() ?? [];
  }

  /** Everyone who may know a group, each address once, without this processor's own. */
  anyone(): Iterable<Destination> {
    const all = new Map<string, Destination>();
    for (const source of [this.#seeds, this.#known.values(), this.#forgotten.values()]) {
      for (const destination of source) all.set(destinationText(destination), destination);
    }
    all.delete(this.#own);
    return all.values();
  }

  #retire(processor: ProcessorId): void {
    const destination = this.#known.get(processor);
    if (destination === undefined) return;
    this.#known.delete(processor);
    this.#forgotten.set(processor, destination);
    if (this.#forgotten.size > forgottenMax) dropOldest(this.#forgotten);
  }
}

function dropOldest(of: Map<ProcessorId, Destination>): void {
  const [oldest] = of.keys();
  if (oldest !== undefined) of.delete(oldest);
}
