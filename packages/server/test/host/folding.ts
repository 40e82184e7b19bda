/** The content of objects, as whoever received these messages has it. */
import type { FromServer, UpdateKind } from '@choir/protocol';

const readable = new TextDecoder();

export function textsOf(messages: readonly FromServer[]): Record<string, string> {
  let texts: Record<string, string> = {};
  const update = (object: string, kind: UpdateKind, data: Uint8Array): void => {
    const before = kind === 'INC' ? (texts[object] ?? '') : '';
    texts[object] = before + readable.decode(data);
  };
  for (const message of messages) {
    if (message.kind === 'transfer_begin') texts = {};
    if (message.kind === 'transfer_objects') {
      for (const { object, update: kind, data } of message.updates) update(object, kind, data);
    }
    if (message.kind !== 'delivery') continue;
    for (const event of message.events) {
      if (event.kind === 'obj_state') update(event.object, event.update, event.data);
      if (event.kind !== 'group_state') continue;
      texts = {};
      for (const { object, data } of event.objects) update(object, 'NEW', data);
    }
  }
  return texts;
}
