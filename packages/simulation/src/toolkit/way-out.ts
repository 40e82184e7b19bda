/** The way out of a member, to its processor: what it lets out is written down, and for a while it may let nothing out. */
import type { GroupId } from '@choir/ftmp';
import { decode, type Outlet } from '@choir/process-group/core';
import type { Host } from '../processors/host.ts';
import type { Recorder } from './recorder.ts';
import type { TransferWitness } from './transfer-witness.ts';

export type WayOutOptions = {
  readonly host: Host;
  readonly recorder: Recorder;
  readonly transfers: TransferWitness;
  /** Is told that a marker was taken, before anybody else can be. */
  readonly marked: () => void;
};

/** Messages that are parts of a state. */
const partsOfState: readonly string[] = ['piece', 'same', 'whole', 'failed'];

export class WayOut implements Outlet {
  readonly #options: WayOutOptions;
  /** Of each message that has not come back: whether it is a part of a state. */
  readonly #underWay: boolean[] = [];
  #isOpen = true;

  constructor(options: WayOutOptions) {
    this.#options = options;
  }

  /** Whether anything goes out; else there is no room. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
  }

  trySend(
    group: GroupId,
    bytes: Uint8Array,
    { safe }: { readonly safe: boolean },
  ): 'queued' | 'full' | 'closed' {
    const { host, recorder } = this.#options;
    if (!this.#isOpen) return 'full';
    const answer = host.submit(group, bytes, { safe });
    if (answer === 'full') recorder.saw('full');
    if (answer === 'queued') this.#wentOut(group, bytes);
    return answer;
  }

  /** An own message came in the order. */
  cameBack(): void {
    this.#underWay.shift();
  }

  #wentOut(group: GroupId, bytes: Uint8Array): void {
    const message = decode(bytes);
    const kind = 'code' in message ? null : message.kind;
    if (kind === 'marker') this.#options.marked();
    this.#options.transfers.wentOut(message);
    const isPart = kind !== null && partsOfState.includes(kind);
    this.#underWay.push(isPart);
    if (!isPart) return;
    const underWay = this.#underWay.filter((is) => is).length;
    this.#options.recorder.record('part', { group, bytes: bytes.length, underWay });
  }
}
