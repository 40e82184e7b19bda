/** What FTMP gives, in its order: a view, or a message that was read. */
import type { ProcessorId, View } from '@choir/ftmp';
import type { Message } from './message.ts';

export type Ordered =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'message'; readonly sender: ProcessorId; readonly message: Message };

/** What it takes to keep one, about. */
export function orderedBytes(ordered: Ordered): number {
  const own = 256;
  if (ordered.kind === 'view') return own + 8 * ordered.view.members.length;
  const { message } = ordered;
  const addressees = 'to' in message && Array.isArray(message.to) ? 8 * message.to.length : 0;
  const text = message.kind === 'failure' ? message.text.length : 0;
  return own + addressees + text + ('bytes' in message ? message.bytes.length : 0);
}
