/**
 * The loop around a processor: what arrives is given to it at once, and once in a turn of the event loop it gets its turn, and
 * its effects are performed in order.
 *
 * L1 However much arrives, the processor's turn comes after at most one batch of the event loop; after a pause it comes at once,
 *    since then a single message is on its way and nothing is to be gathered.
 * L2 After the exclusion of an incarnation nothing of it is sent; the next one shares sockets and addresses with it.
 */
import type { Effect, EffectOf, GroupId, Processor, ProcessorId } from '@choir/ftmp';
import { now } from '../clock.ts';
import { type Gate, Tally } from '../envelope/gate.ts';
import type { Parcel } from '../line/parcel.ts';
import { giveBack } from '../memory/give-back.ts';
import { Loans } from '../memory/loans.ts';
import { Backlog } from '../udp/backlog.ts';
import type { Network } from '../udp/network.ts';
import { readHandover } from './handover.ts';
import { newProcessor } from './incarnation.ts';
import { ProgressWatch } from './progress-watch.ts';
import type { Recording } from './recording.ts';
import { room } from './room.ts';
import type { Statistics } from './statistics.ts';
import { statisticsOf } from './statistics-of.ts';
import { Submissions } from './submissions.ts';
import type { Occurrence, ThreadOptions } from './thread-message.ts';
import { type Told, TurnReport } from './turn-report.ts';
import { Untaken } from './untaken.ts';

type Surroundings = {
  readonly options: ThreadOptions;
  readonly network: Network;
  readonly gate: Gate;
  readonly application: Told;
  readonly recording: Recording | null;
};

/** Who had no turn for so long gets one at once. */
const pauseMs = 0.5;

export class ProcessorDriver {
  readonly #surroundings: Surroundings;
  readonly #submissions: Submissions;
  readonly #untaken = new Untaken();
  readonly #loans: Loans;
  readonly #backlog: Backlog;
  readonly #watch: ProgressWatch;
  #processor: Processor;
  readonly #joined = new Set<GroupId>();
  /** Groups in which this incarnation has had a view. */
  readonly #viewed = new Set<GroupId>();
  /** Groups that this processor has asked to leave. */
  readonly #leaving = new Set<GroupId>();
  /** Those of them that it leaves when it has taken what was handed over before. */
  readonly #toLeave = new Set<GroupId>();
  /** A turn is under way, or will be. */
  #isTurnComing = false;
  /** Something has happened since the last turn began. */
  #wantsTurn = false;
  #isClosed = false;
  /** There may be more to read, as of the last turn behind a batch. */
  #isBehind = false;
  #turnedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = 0;
  #leftAt = Number.NEGATIVE_INFINITY;
  #turns = 0;
  #delivered = 0;
  #exclusions = 0;
  /** Counts of the incarnations before. */
  readonly #earlier = { taken: 0, refused: new Tally() };

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    const { recording } = surroundings;
    this.#submissions = new Submissions((group, message) => recording?.sent(group, message));
    this.#loans = new Loans(surroundings.gate.overheadBytes);
    this.#backlog = new Backlog(surroundings.network.sockets);
    this.#processor = this.#newProcessor();
    const { progress, stalledMs } = surroundings.options;
    this.#watch = new ProgressWatch(progress, stalledMs, (counter, isStalled) =>
      this.#processor.progress(counter, isStalled),
    );
  }

  get id(): ProcessorId {
    return this.#processor.id;
  }

  /** A message that the gate let pass. */
  receive(message: Uint8Array): void {
    this.#processor.receive(message, now());
    this.#comeToTurn();
  }

  join(group: GroupId, init: boolean): void {
    this.#joined.add(group);
    this.#processor.join(group, now(), init);
    this.#comeToTurn();
  }

  leave(group: GroupId): void {
    this.#leaving.add(group);
    this.#toLeave.add(group);
    this.#comeToTurn();
  }

  work({ amounts, bytes: messages }: Parcel): void {
    for (const amount of amounts) {
      const { group, bytes, messages } = this.#untaken.taken(amount);
      this.#processor.delivered(group, bytes, messages);
    }
    const handedOver = [...readHandover(messages)];
    this.#loans.lend(handedOver.map(({ bytes }) => bytes));
    for (const { group, bytes, safe } of handedOver) {
      this.#submissions.add(group, { bytes, safe, request: null });
    }
    this.#submissions.submit(this.#processor, this.#waits);
    this.#comeToTurn();
  }

  statistics(): Statistics {
    return statisticsOf({
      ...this.#surroundings,
      processor: this.#processor,
      earlier: this.#earlier,
      groups: [...this.#joined],
      submissions: this.#submissions,
      turns: this.#turns,
      delivered: this.#delivered,
      exclusions: this.#exclusions,
    });
  }

  /** Ends. Who has left stays for as long as the others may need it. */
  async close(): Promise<void> {
    const lingerMs = this.#leftAt + this.#surroundings.options.settings.lingerMs - now();
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    this.#watch.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#isClosed = true;
    await this.#surroundings.network.close();
    this.#surroundings.recording?.close();
  }

  #newProcessor(): Processor {
    return newProcessor({ ...this.#surroundings, loans: this.#loans });
  }

  /** What is handed over while a group is being joined is sent in its first view, or later. */
  readonly #waits = (group: GroupId): boolean =>
    this.#joined.has(group) && !this.#viewed.has(group);

  /** L1 */
  #comeToTurn(): void {
    this.#wantsTurn = true;
    if (this.#isTurnComing) return;
    this.#isTurnComing = true;
    if (now() - this.#turnedAt > pauseMs) this.#turn();
    else setImmediate(() => this.#turnBehindBatch());
  }

  /** Everything was read that is read at once. */
  #turnBehindBatch(): void {
    this.#isBehind = this.#backlog.isAny();
    this.#turn();
  }

  #turn(): void {
    if (this.#isClosed) return;
    this.#wantsTurn = false;
    this.#turns += 1;
    this.#submissions.submit(this.#processor, this.#waits);
    this.#leave();
    this.#processor.turn(now(), this.#isBehind);
    this.#surroundings.recording?.turned(this.#processor, this.#joined);
    this.#perform(this.#processor.drain());
    this.#turnedAt = now();
    this.#isTurnComing = false;
    const { due } = this.#processor;
    if (this.#wantsTurn || due <= this.#turnedAt) this.#comeToTurn();
    else {
      this.#comeAt(due);
      this.#surroundings.gate.ready();
    }
  }

  /** A processor that leaves takes nothing more, so what was handed over goes first; but nothing goes before the first view. */
  #leave(): void {
    for (const group of this.#toLeave) {
      if (this.#submissions.pending(group) > 0 && !this.#waits(group)) continue;
      this.#toLeave.delete(group);
      this.#processor.leave(group, now());
    }
  }

  /** A timer that is set already and comes earlier is left alone: a turn in vain costs less than a timer at every turn. */
  #comeAt(time: number): void {
    if (this.#timer !== null && this.#timerAt <= time) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (time === Number.POSITIVE_INFINITY) return;
    this.#timerAt = time;
    // Timers have whole milliseconds, and one that is early would be needed twice.
    const waitMs = Math.ceil(time - this.#turnedAt);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#comeToTurn();
    }, waitMs);
  }

  #perform(effects: readonly Effect[]): void {
    const { network } = this.#surroundings;
    const report = new TurnReport();
    const sent: Uint8Array[] = [];
    const excluded: GroupId[] = [];
    for (const effect of effects) {
      if (effect.kind === 'send') {
        const { group, to, bytes } = effect;
        if (excluded.length > 0) continue;
        network.send(group, to, bytes);
        sent.push(bytes);
      } else if (effect.kind === 'deliver') {
        this.#untaken.given(effect.group, effect.bytes.length);
        report.deliver(effect);
      } else if (effect.kind === 'excluded') excluded.push(effect.group);
      else report.occurred(this.#occurred(effect));
    }
    if (excluded.length > 0) {
      // With its incarnation a processor loses all of its groups.
      const all = new Set([...excluded, ...this.#joined]);
      for (const one of this.#excluded([...all])) report.occurred(one);
    }
    this.#delivered += report.delivered;
    const given = this.#submissions.takeRoom(!report.isEmpty, room.least);
    if (!report.isEmpty || given.length > 0) report.tell(given, this.#surroundings.application);
    if (network.sockets.every(({ waiting }) => waiting === 0)) sent.forEach(giveBack);
    this.#loans.settle();
  }

  /** What the application is told of it, if anything. */
  #occurred(
    effect: Exclude<Effect, EffectOf<'send'> | EffectOf<'deliver'> | EffectOf<'excluded'>>,
  ): Occurrence | null {
    const { book } = this.#surroundings.network;
    switch (effect.kind) {
      case 'address':
        book.learn(effect.group, effect.processor, effect.address);
        return null;
      case 'forget':
        book.forget(effect.group, effect.processor);
        return null;
      case 'connection':
      case 'connected':
      case 'suppressed':
        // Applications on drivers have no connections yet.
        return null;
      case 'writable':
        this.#comeToTurn();
        return null;
      case 'view':
        this.#viewed.add(effect.group);
        this.#comeToTurn();
        return effect;
      case 'left':
        this.#joined.delete(effect.group);
        this.#submissions.drop(effect.group);
        this.#leftAt = now();
        return { ...effect, removed: false };
      default:
        return effect;
    }
  }

  /** L2 */
  #excluded(groups: readonly GroupId[]): readonly Occurrence[] {
    const { network, options } = this.#surroundings;
    this.#exclusions += 1;
    this.#untaken.renew();
    this.#earlier.taken += this.#processor.taken;
    for (const [reason, count] of this.#processor.refused) {
      this.#earlier.refused.count(reason, count);
    }
    for (const group of groups) {
      network.book.forgetGroup(group);
      this.#viewed.delete(group);
      this.#submissions.drop(group);
      this.#joined.delete(group);
    }
    this.#processor = this.#newProcessor();
    const rejoins = options.rejoin ? this.#processor.id : null;
    return groups.map((group) => {
      // Who wanted to go is out, whichever way the others put it.
      if (this.#leaving.has(group)) return { kind: 'left', group, removed: true };
      if (options.rejoin) this.join(group, false);
      return { kind: 'excluded', group, rejoins };
    });
  }
}
