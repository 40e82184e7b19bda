/** What a datagram is to FTMP: a message, an encrypted one, one that is refused, or none of it. */
import {
  checked,
  decode,
  type Header,
  isRefusal,
  type Message,
  type RefusalCode,
  readHeader,
} from '@choir/ftmp';

export type Reading =
  | { readonly kind: 'message'; readonly message: Message }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode | 'SEALED' | 'NOT_CAPTURED';
      /** What is wrong, as a clause. */
      readonly problem: string;
      /** What its header says, where that can be read. */
      readonly header: Header | null;
    }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'other' };

const magicBytes = 4;

/** @param missing bytes of it that were sent and not captured */
export function readDatagram(datagram: Uint8Array, missing: number): Reading {
  const magic = Buffer.from(datagram.subarray(0, magicBytes)).toString('latin1');
  if (magic === 'FTMX') return { kind: 'encrypted' };
  if (magic !== 'FTMP') return { kind: 'other' };
  if (missing > 0) {
    const problem = `${missing} bytes of it were not captured`;
    return { kind: 'refused', code: 'NOT_CAPTURED', problem, header: headerOf(datagram, missing) };
  }
  const opened = checked.open(datagram);
  if (opened === null) {
    const problem = 'its checksum is wrong';
    return { kind: 'refused', code: 'SEALED', problem, header: headerOf(datagram, 0) };
  }
  const message = decode(opened);
  if (!isRefusal(message)) return { kind: 'message', message };
  const { refused: code, problem } = message;
  return { kind: 'refused', code, problem, header: headerOf(datagram, 0) };
}

/** The header of a datagram that is not whole: it is shown with care, but it is mostly right. */
function headerOf(datagram: Uint8Array, missing: number): Header | null {
  // As long as it was, so that its size can be judged.
  const message = new Uint8Array(Math.max(0, datagram.length + missing - checked.overheadBytes));
  message.set(datagram.subarray(0, message.length));
  const header = readHeader(message);
  return isRefusal(header) ? null : header;
}
