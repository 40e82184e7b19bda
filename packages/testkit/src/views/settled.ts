/**
 * What holds when the run was brought to rest, in the groups of which the world said `stable`: L1 one
 * last view of exactly the living, L2 all messages of it at all of them, L3 no own message open, L4 all safe messages
 * delivered, L10 the excluded are back.
 */
import { ViewsChecker } from './checker.ts';
import type { Message } from './history/delivery.ts';
import type { Group } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Period } from './history/view.ts';
import { processorOf } from './vocabulary.ts';

abstract class AtRest extends ViewsChecker {
  override finish(history: History): void {
    if (history.quietAt === null) return;
    for (const group of history.groups.values()) {
      if (group.stable === null) continue;
      const processors = new Set(group.stable.members.map(processorOf));
      this.rest(group, processors, history);
    }
  }

  /** `processors`: those that are alive and connected. */
  protected abstract rest(group: Group, processors: ReadonlySet<number>, history: History): void;
}

/** The last period of a processor's latest incarnation, if it is in the group at rest. */
function lastPeriod(group: Group, processor: number, history: History): Period | null {
  const stay = group.stayOf(history.incarnations.get(processor) ?? '');
  return stay !== null && history.isAtRest(stay) ? stay.last : null;
}

export class MembershipPrecision extends AtRest {
  readonly property = 'L1';
  readonly promise = 'In the end the living and connected are in one view, and nobody else.';

  protected rest(group: Group, processors: ReadonlySet<number>, history: History): void {
    let one: Period | null = null;
    for (const processor of processors) {
      const last = lastPeriod(group, processor, history);
      if (last === null) {
        this.violated(
          `processor ${processor} is not in group ${group.id} in the end`,
          group.stable,
        );
        continue;
      }
      one ??= last;
      const { node, view, record } = last;
      if (view !== one.view) {
        this.violated(`${node} ends in ${view.id}, ${one.node} in ${one.view.id}`, record);
      }
      for (const member of view.members) {
        if (processors.has(processorOf(member))) continue;
        this.violated(`${member} is in ${view.id}, the last of ${node}, and not there`, record);
      }
    }
  }
}

/** Messages of the last view that somebody of the living lacks. */
function* lacks(
  group: Group,
  processors: ReadonlySet<number>,
  history: History,
): Generator<{ message: Message; node: string }> {
  for (const processor of processors) {
    const last = lastPeriod(group, processor, history);
    if (last === null) continue;
    for (const message of group.messages.values()) {
      const isOfView =
        message.sentIn?.view === last.view ||
        message.deliveries.some(({ period }) => period?.view === last.view);
      if (!isOfView || message.deliveries.some(({ record }) => record.node === last.node)) continue;
      // Handed over by one who ended before it was on its way: nobody has it.
      if (message.deliveries.length === 0 && message.sentIn?.stay.end !== null) continue;
      yield { message, node: last.node };
    }
  }
}

export class MulticastLiveness extends AtRest {
  readonly property = 'L2';
  readonly promise = 'In the end every message sent in the last view was delivered to all of it.';

  protected rest(group: Group, processors: ReadonlySet<number>, history: History): void {
    for (const { message, node } of lacks(group, processors, history)) {
      this.violated(`${node} was never given ${message.id}`, message.sent);
    }
  }
}

export class SafeLiveness extends AtRest {
  readonly property = 'L4';
  readonly promise = 'In the end every safe message sent in the last view was delivered to all.';

  protected rest(group: Group, processors: ReadonlySet<number>, history: History): void {
    for (const { message, node } of lacks(group, processors, history)) {
      if (message.sent?.delivery !== 'safe') continue;
      this.violated(`${node} was never given the safe ${message.id}`, message.sent);
    }
  }
}

export class NothingPending extends AtRest {
  readonly property = 'L3';
  readonly promise = 'In the end everybody living was given all that it sent.';

  protected rest(group: Group, processors: ReadonlySet<number>, history: History): void {
    for (const processor of processors) {
      const node = history.incarnations.get(processor) ?? '';
      const stay = group.stayOf(node);
      if (stay === null || !history.isAtRest(stay)) continue;
      for (const message of group.sentBy(group.numberOf(node))) {
        if (message.sentIn !== null && message.sentIn.stay !== stay) continue;
        if (message.deliveries.some(({ record }) => record.node === node)) continue;
        this.violated(`${node} still waits for its ${message.id}`, message.sent);
      }
    }
  }
}

export class Return extends AtRest {
  readonly property = 'L10';
  readonly promise =
    'In the end who was excluded is back as a new incarnation, within the time for it.';
  readonly #returnMsMax: number | null;

  constructor(returnMsMax: number | null) {
    super();
    this.#returnMsMax = returnMsMax;
  }

  protected rest(group: Group, processors: ReadonlySet<number>, history: History): void {
    for (const { end, node, processor } of group.stays) {
      if (end?.kind !== 'excluded' || !processors.has(processor)) continue;
      const last = lastPeriod(group, processor, history);
      if (last === null || last.node === node) this.violated(`${node} did not return`, end);
    }
    const since = group.stable?.t ?? 0;
    for (const processor of processors) {
      const last = lastPeriod(group, processor, history);
      if (last === null || this.#returnMsMax === null) continue;
      const tookMs = last.record.t - since;
      if (tookMs <= this.#returnMsMax) continue;
      this.violated(`${last.node} came to the last view after ${tookMs} ms`, last.record);
    }
  }
}
