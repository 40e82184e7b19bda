/** Writes down what the application of a member is told, and where it stands then. */
import { type ProcessorId, processorText } from '@choir/ftmp';
import type {
  Grant,
  GroupView,
  MapOperation,
  MapOutcome,
  Member as MemberName,
  Reply,
} from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import { messageOf } from './payload.ts';
import type { Recorder } from './recorder.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Form, Place } from './vocabulary.ts';

/** Whose application it is. */
type Teller = {
  readonly id: ProcessorId;
  readonly recorder: Recorder;
  readonly replicas: ReplicaSet;
  readonly place: Place & { readonly group: number };
};

type Message = {
  readonly form: Form;
  readonly sender: ProcessorId;
  readonly channel: string;
  readonly bytes: Uint8Array;
};

export class Witness {
  readonly #teller: Teller;

  constructor(teller: Teller) {
    this.#teller = teller;
  }

  viewed(view: GroupView): void {
    const { recorder, place, replicas } = this.#teller;
    recorder.record('view', {
      ...place,
      view: view.number,
      state: replicas.digest,
      members: textsOf(view.members),
      labels: view.members.map(({ label }) => label),
      holders: textsOf(view.holders),
      observers: textsOf(view.observers),
      joined: textsOf(view.joined),
      returned: textsOf(view.returned),
      left: textsOf(view.left),
      excluded: textsOf(view.excluded),
    });
  }

  leads(): void {
    const { recorder, place, replicas } = this.#teller;
    const { reign } = replicas.election;
    const leader = reign === null ? '' : processorText(reign.leader);
    recorder.record('leads', { ...place, leader, term: reign?.term ?? 0 });
  }

  /** @param holders those whom the member takes to hold the state there */
  told({ form, sender, channel, bytes }: Message, holders: readonly string[] | null): void {
    const { recorder, place, replicas } = this.#teller;
    recorder.record('told', {
      ...place,
      state: replicas.digest,
      message: messageOf(sender, bytes),
      sender: processorText(sender),
      form,
      channel,
      data: fingerprint(bytes),
      holders,
    });
  }

  replied(number: number, replies: readonly Reply[]): void {
    const { recorder, place } = this.#teller;
    const texts = replies.map((reply) => {
      const data = reply.kind === 'answered' ? fingerprint(reply.bytes) : '';
      recorder.saw(`reply ${reply.kind}`);
      return `${processorText(reply.member.id)} ${reply.kind} ${data}`;
    });
    recorder.record('replies', { group: place.group, number, replies: texts });
  }

  /** What came of an operation of its own. */
  mapped({ number }: MapOperation, { applied, entry }: MapOutcome): void {
    const { id, recorder, place } = this.#teller;
    const value = entry === null ? '' : fingerprint(entry.value);
    const call = `${processorText(id)}/${number}`;
    const version = entry?.version ?? 0;
    recorder.record('responded', { group: place.group, call, applied, value, version });
  }

  granted({ lock, claim, fence }: Grant): void {
    const { recorder, place } = this.#teller;
    const { number } = claim;
    const owner = processorText(claim.owner);
    recorder.record('granted', { ...place, lock, owner, number, fence });
  }
}

function textsOf(members: readonly MemberName[]): readonly string[] {
  return members.map(({ id }) => processorText(id));
}
