/** What a datagram is to FTMP: a message, one that is refused or cannot be opened, or none of it. */
import { type ClearHead, EnvelopeReader } from '@choir/drivers/envelope';
import {
  checked,
  decode,
  type Header,
  isRefusal,
  type Message,
  type RefusalCode,
  readHeader,
} from '@choir/ftmp';

export type Reading = (
  | { readonly kind: 'message'; readonly message: Message }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode | 'SEALED' | 'NOT_CAPTURED';
      /** What is wrong, as a clause. */
      readonly problem: string;
      /** What its header says, where that can be read. */
      readonly header: Header | null;
    }
  /** Encrypted, and there are no keys to open it. */
  | { readonly kind: 'encrypted' }
  /** Between two processors that do not know each other yet. */
  | { readonly kind: 'challenge'; readonly asked: string }
  | { readonly kind: 'answer'; readonly challenger: string; readonly floor: number }
  | { readonly kind: 'other' }
) & {
  /** The head of an encrypted datagram; null when it is not encrypted, or has none. */
  readonly head: ClearHead | null;
};

type Keys = ConstructorParameters<typeof EnvelopeReader>[0];

const magicBytes = 4;

/** Reads datagrams one after the other, and opens those that are encrypted when it has keys. */
export class DatagramReader {
  readonly #envelope: EnvelopeReader;
  readonly #hasKeys: boolean;

  constructor(keys: Keys) {
    this.#envelope = new EnvelopeReader(keys);
    this.#hasKeys = keys.length > 0;
  }

  /** @param missing bytes of it that were sent and not captured */
  read(datagram: Uint8Array, missing: number): Reading {
    const magic = Buffer.from(datagram.subarray(0, magicBytes)).toString('latin1');
    if (magic === 'FTMX') return this.#open(datagram, missing);
    if (magic !== 'FTMP') return { kind: 'other', head: null };
    if (missing > 0) return notCaptured(missing, null, headerOf(datagram, missing));
    const opened = checked.open(datagram);
    if (opened !== null) return messageIn(opened, null);
    const problem = 'its checksum is wrong';
    const header = headerOf(datagram, 0);
    return { kind: 'refused', code: 'SEALED', problem, header, head: null };
  }

  #open(datagram: Uint8Array, missing: number): Reading {
    const reading = this.#envelope.read(datagram);
    const sealed = { kind: 'refused', code: 'SEALED', header: null } as const;
    if (reading.result === 'malformed') return { ...sealed, problem: reading.problem, head: null };
    const { head } = reading;
    if (missing > 0) return notCaptured(missing, head, null);
    switch (reading.result) {
      case 'closed':
        if (!this.#hasKeys) return { kind: 'encrypted', head };
        if (reading.why === 'tag') return { ...sealed, problem: 'its tag is wrong', head };
        return { ...sealed, problem: `the key ${head.keyId} is not in the file`, head };
      case 'data':
        return messageIn(reading.message, head);
      case 'challenge':
        return { kind: 'challenge', asked: reading.asked, head };
      case 'answer':
        return { kind: 'answer', challenger: reading.challenger, floor: reading.floor, head };
      default:
        return reading satisfies never;
    }
  }
}

function messageIn(opened: Uint8Array, head: ClearHead | null): Reading {
  const message = decode(opened);
  if (!isRefusal(message)) return { kind: 'message', message, head };
  const { refused: code, problem } = message;
  const header = readHeader(opened);
  return { kind: 'refused', code, problem, header: isRefusal(header) ? null : header, head };
}

function notCaptured(missing: number, head: ClearHead | null, header: Header | null): Reading {
  const problem = `${missing} bytes of it were not captured`;
  return { kind: 'refused', code: 'NOT_CAPTURED', problem, header, head };
}

/** The header of a datagram that is not whole: it is shown with care, but it is mostly right. */
function headerOf(datagram: Uint8Array, missing: number): Header | null {
  // As long as it was, so that its size can be judged.
  const message = new Uint8Array(Math.max(0, datagram.length + missing - checked.overheadBytes));
  message.set(datagram.subarray(0, message.length));
  const header = readHeader(message);
  return isRefusal(header) ? null : header;
}
