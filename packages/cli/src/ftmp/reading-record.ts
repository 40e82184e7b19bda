/** Datagrams as JSON objects. The names are stable (`docs/cli.md`). */
import { bodyRecord, type Header, processorText } from '@choir/ftmp';
import { type Datagram, endpointText } from '../capture/datagrams.ts';
import type { Record } from '../output/output.ts';
import type { Reading } from './reading.ts';

export function readingRecord(datagram: Datagram, reading: Reading): Record {
  const { frame, time, from, to, bytes } = datagram;
  const place = {
    type: 'datagram',
    frame: frame ?? undefined,
    time: time ?? undefined,
    from: endpointText(from),
    to: endpointText(to),
    bytes: bytes.length,
    status: reading.kind,
    envelope: reading.head ?? undefined,
  };
  switch (reading.kind) {
    case 'message': {
      const { header, body } = reading.message;
      return { ...place, ...headerRecord(header), body: bodyRecord(body) };
    }
    case 'refused': {
      const { code, problem, header } = reading;
      return { ...place, code, problem, ...(header === null ? {} : headerRecord(header)) };
    }
    case 'challenge':
      return { ...place, asked: reading.asked };
    case 'answer':
      return { ...place, challenger: reading.challenger, floor: reading.floor };
    case 'encrypted':
    case 'other':
      return place;
    default:
      return reading satisfies never;
  }
}

function headerRecord(header: Header): object {
  const { type, minor, retransmission, source, ...rest } = header;
  return {
    message: type,
    version: `1.${minor}`,
    again: retransmission,
    source: processorText(source),
    ...rest,
  };
}
