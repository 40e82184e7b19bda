/**
 * When this processor sends: data as the window allows, and heartbeats when others wait for one.
 *
 * The paper's heartbeat at an interval would make the interval the latency. So whoever's last timestamp is below that of the highest
 * ordered message received answers at once, once a turn; and whoever can acknowledge what others wait for does.
 *
 * Who has had nothing to send for a while need not be asked for every message of the others: its heartbeats promise that it will
 * send nothing below a timestamp in the future, the farther the longer it was silent (a lookahead; T5).
 */

import { noView } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import { needsStability } from '../romp/delivery.ts';
import { headerBytes, heartbeatBytes } from '../wire/index.ts';
import { Confirmations } from './confirmations.ts';
import type { GroupState } from './group-state.ts';
import type { Ordering } from './ordering.ts';
import { reached } from './reached.ts';
import { type SendWindow, sendWindow } from './send-window.ts';
import { Sizing } from './sizing.ts';

/** Of the window, what may be ordered before it is acknowledged without being asked. */
const ackShare = 8;
const noPadding = new Uint8Array(0);
/** How much more is promised for each millisecond of silence. */
const aheadPerMs = 64;

export class Pacing {
  readonly #state: GroupState;
  readonly #ordering: Ordering;
  /** The highest timestamp of a Regular message received. */
  #received = 0;
  /** And of another ordered message: to these all answer, for the sake of newcomers, who have not heard any lookahead. */
  #changed = 0;
  /** The highest timestamp of a message that waits for everybody's acknowledgement. */
  #awaited = 0;
  #asked = false;
  readonly sizing: Sizing;
  readonly confirmations: Confirmations;
  #wasFull = false;
  progress = 0;
  isStalled = false;

  constructor(state: GroupState, ordering: Ordering) {
    this.#state = state;
    this.#ordering = ordering;
    this.sizing = new Sizing(state.surroundings.settings);
    this.confirmations = new Confirmations(state.surroundings, this.sizing);
  }

  get due(): number {
    return this.#state.sender.at + this.#state.surroundings.settings.heartbeatMs;
  }

  /** An ordered message is held here. */
  orderedHeard(held: Held): void {
    const { timestamp, source, body } = held;
    if (source !== this.#state.self) {
      if (body.type === 'regular') this.#received = Math.max(this.#received, timestamp);
      else this.#changed = Math.max(this.#changed, timestamp);
    }
    if (needsStability(held)) this.#awaited = Math.max(this.#awaited, timestamp);
  }

  /** Somebody wants to hear from this processor at once. */
  asked(): void {
    this.#asked = true;
  }

  /** `submit` has said `full`: the application is to be told when there is room. */
  full(): void {
    this.#wasFull = true;
    this.#state.counts.fullAnswers += 1;
  }

  /** @param asks this processor wants to hear from the others */
  run(asks: boolean): void {
    const owesBeat = this.#probe();
    while (this.#flush()) {
      this.#ordering.run();
      this.#state.release();
    }
    if (asks || owesBeat || this.#mustBeat()) this.#beat(asks);
    if (this.#wasFull && !this.#state.outgoing.isFull) {
      this.#wasFull = false;
      this.#state.emit({ kind: 'writable', group: this.#state.id });
    }
  }

  /** Sends what the window has room for; true when it sent all of that and more waits. */
  #flush(): boolean {
    const state = this.#state;
    const { outgoing, standing, rmp, self } = state;
    const window = this.#window;
    const bodyBytes = this.#bodyBytes(this.datagramBytes);
    const own = rmp.stream(self);
    if (own === undefined || (standing !== 'member' && standing !== 'leaving')) return false;
    let sent = 0;
    if (state.isBarred()) return false;
    while (!state.isFrozen && own.count < window.messages && own.bytes < window.bytes) {
      const packet = outgoing.pack(bodyBytes);
      if (packet === null) return false;
      state.originate({ type: 'regular', parts: packet.parts }, packet.safe);
      sent += 1;
    }
    return sent > 0 && outgoing.length > 0;
  }

  get #window(): SendWindow {
    const { surroundings, others } = this.#state;
    return sendWindow(surroundings.settings, others.length);
  }

  /** How large a datagram may be now. */
  get datagramBytes(): number {
    return this.sizing.bytes(reached(this.#state), this.#state.now);
  }

  /** The room for a body in a datagram. */
  #bodyBytes(datagramBytes: number): number {
    return datagramBytes - headerBytes - this.#state.surroundings.envelope.overheadBytes;
  }

  /** Sends a probe when it is time. @returns whether that took the place of a heartbeat, which may be the only one of both that comes */
  #probe(): boolean {
    const { now, sender, outgoing } = this.#state;
    if (!this.sizing.probes(reached(this.#state), outgoing.bytes, now)) return false;
    const owesBeat = this.#mustBeat();
    this.#beat(false, new Uint8Array(this.#bodyBytes(this.sizing.probeBytes) - heartbeatBytes));
    this.sizing.probed(now, sender.timestamp);
    return owesBeat;
  }

  #mustBeat(): boolean {
    const { sender, standing, now, isFrozen } = this.#state;
    if (standing === 'out') return false;
    if (this.#asked || this.confirmations.isAnyDue || now >= this.due) return true;
    if (isFrozen) return false;
    if (sender.lookahead < this.#received || sender.timestamp < this.#changed) return true;
    // The others are to hear this processor past the barrier, who sent the Connect too.
    if (sender.timestamp <= this.#state.barrier) return true;
    const ack = this.#state.ack();
    if (sender.ack < this.#awaited && ack > sender.ack) return true;
    const { orderedSinceAck, orderedBytesSinceAck } = this.#ordering;
    const { messages, bytes } = this.#window;
    const isMuch =
      orderedSinceAck * ackShare >= messages || orderedBytesSinceAck * ackShare >= bytes;
    return isMuch && ack > sender.ack;
  }

  /** @param padding makes it a probe, which confirms none: it has its size */
  #beat(asks: boolean, padding = noPadding): void {
    const { sender, now, configuration, isInstalled, isFrozen, view, counts } = this.#state;
    this.#asked = false;
    counts.heartbeats += 1;
    if (padding.length > 0) counts.probes += 1;
    // Where a configuration ends its views are those of its end, which not everybody is given (P2).
    const installed = isInstalled && !isFrozen ? view : noView;
    const flags = { progress: this.progress, asks, stalled: this.isStalled };
    const confirms = padding.length > 0 ? [] : this.confirmations.take();
    const body = { ...flags, confirms, configuration, view: installed, padding };
    sender.heartbeat(body, { ack: this.#state.ack(), now, ahead: this.#ahead() });
    this.#ordering.acked();
  }

  /** How far ahead this processor can promise to send nothing. */
  #ahead(): number {
    const { sender, standing, now, isFrozen, outgoing, barrier } = this.#state;
    const isIdle = standing === 'member' && !isFrozen && barrier === 0 && outgoing.length === 0;
    return isIdle ? Math.floor(aheadPerMs * sender.silence(now)) : 0;
  }
}
