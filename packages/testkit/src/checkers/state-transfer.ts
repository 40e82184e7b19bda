/**
 * C6: what a joiner, a watcher or a reader is transferred equals the fold of the whole log up to that
 * position, byte for byte, whatever was compacted on the way.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { type Pictures, picturesOf, type Transferred } from './history/pictures.ts';
import type { Group } from './model/group.ts';
import type { Moment } from './replay.ts';
import { contentText } from './vocabulary.ts';

export class StateTransfer extends Checker {
  readonly property = 'C6';
  readonly promise = 'A transferred state is the fold of the log up to its position.';
  #pictures: Pictures | null = null;

  override after({ step, groups }: Moment, history: History): void {
    this.#pictures ??= picturesOf(history);
    for (const picture of this.#pictures.take(step.seq)) {
      const group = groups.get(picture.head.created);
      if (group === undefined || group.deleted) {
        this.violated(`${picture.head.group} does not exist at ${step.seq}`, picture.head);
      } else {
        this.#compare(picture, group);
      }
    }
  }

  override finish(): void {
    for (const { head } of this.#pictures?.left ?? []) {
      this.violated(`${head.group} was pictured at ${head.seq}, which is not in the log`, head);
    }
  }

  #compare(picture: Transferred, group: Group): void {
    const { head } = picture;
    const transferred = contentsOf(picture);
    const expected = group.objects.contents();
    // A watch brings no objects, a read perhaps not all of them.
    const whole = head.purpose === 'join';
    for (const [object, content] of expected) {
      const got = transferred.get(object);
      if (got === content || (got === undefined && !whole)) continue;
      this.violated(`${object} is "${content}", transferred was "${got ?? 'nothing'}"`, head);
    }
    for (const object of transferred.keys()) {
      if (!expected.has(object)) this.violated(`${object} is not in the state`, head);
    }
    const properties = new Map(picture.properties.map(({ name, value }) => [name, value]));
    for (const name of new Set([...properties.keys(), ...group.properties.keys()])) {
      const [got, held] = [properties.get(name), group.properties.get(name)];
      if (got !== held)
        this.violated(`property ${name} is "${held}", transferred was "${got}"`, head);
    }
  }
}

/** The fold of the updates as they were transferred, in that order. */
function contentsOf({ updates }: Transferred): ReadonlyMap<string, string> {
  const live = new Map<string, string[]>();
  for (const { object, update, data } of updates) {
    const before = live.get(object);
    if (before === undefined || update === 'NEW') live.set(object, [data]);
    else before.push(data);
  }
  return new Map([...live].map(([object, data]) => [object, contentText(data)]));
}
