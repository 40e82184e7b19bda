/**
 * What goes out of a member while its processor has room: first what the core has said, then whoever waits, in the order in which they came,
 * then pieces of the state.
 */
import type { GroupId } from '@choir/ftmp';
import type { GroupCore, Submission } from '@choir/process-group/core';
import type { Host } from '../processors/host.ts';
import type { Recorder } from './recorder.ts';

export type Say = (core: GroupCore) => void;

export type OutflowOptions = {
  readonly host: Host;
  readonly group: GroupId;
  readonly recorder: Recorder;
  readonly wentOut: (bytes: Uint8Array) => void;
};

export class Outflow {
  readonly #host: Host;
  readonly #group: GroupId;
  readonly #recorder: Recorder;
  readonly #wentOut: (bytes: Uint8Array) => void;
  readonly #waiting: Say[] = [];
  /** What the processor had no room for. */
  #held: (Submission & { readonly isPiece: boolean }) | null = null;
  /** Of each message that has not come back: whether it is a part of a state. */
  readonly #underWay: boolean[] = [];
  #isFlowing = true;

  /** @param wentOut is told of each message that the processor has taken, before anybody else can be */
  constructor({ host, group, recorder, wentOut }: OutflowOptions) {
    this.#host = host;
    this.#group = group;
    this.#recorder = recorder;
    this.#wentOut = wentOut;
  }

  get isOpen(): boolean {
    return this.#held === null && this.#waiting.length === 0;
  }

  /** How many wait for room. */
  get waiting(): number {
    return this.#waiting.length;
  }

  wait(say: Say): void {
    this.#waiting.push(say);
  }

  /** Lets this out at once, if there is room. */
  noise(bytes: Uint8Array): void {
    if (!this.isOpen || !this.#isFlowing) return;
    if (this.#host.submit(this.#group, bytes, { safe: false }) === 'queued')
      this.#underWay.push(false);
  }

  /** Whether anything goes out. */
  setFlowing(isFlowing: boolean): void {
    this.#isFlowing = isFlowing;
  }

  /** An own message came in the order. */
  came(): void {
    this.#underWay.shift();
  }

  flush(core: GroupCore): void {
    while (this.#isFlowing) {
      this.#held ??= this.#next(core);
      if (this.#held === null) return;
      const { bytes, safe, isPiece } = this.#held;
      const answer = this.#host.submit(this.#group, bytes, { safe });
      if (answer === 'full') {
        this.#recorder.saw('full');
        return;
      }
      this.#held = null;
      if (answer !== 'queued') continue;
      this.#wentOut(bytes);
      this.#isUnderWay(bytes.length, isPiece);
    }
  }

  #isUnderWay(bytes: number, isPiece: boolean): void {
    this.#underWay.push(isPiece);
    if (!isPiece) return;
    const underWay = this.#underWay.filter((is) => is).length;
    this.#recorder.record('piece', { group: this.#group, bytes, underWay });
  }

  #next(core: GroupCore): (Submission & { readonly isPiece: boolean }) | null {
    if (core.isIdle && core.members.length > 0) this.#waiting.shift()?.(core);
    const isPiece = core.isIdle;
    const next = core.next();
    return next === null ? null : { ...next, isPiece };
  }
}
