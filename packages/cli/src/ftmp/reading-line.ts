/** Datagrams as lines for people. */
import { type Header, processorText } from '@choir/ftmp';
import { type Datagram, endpointText } from '../capture/datagrams.ts';
import type { Output } from '../output/output.ts';
import { bodyText } from './body-text.ts';
import type { Reading } from './reading.ts';

const widestType = 'retransmitRequest'.length;

export function readingLine(datagram: Datagram, reading: Reading, output: Output): string {
  const way = `${endpointText(datagram.from)} → ${endpointText(datagram.to)}`;
  const place = `${output.paint('dim', clock(datagram.time))} ${way} `;
  switch (reading.kind) {
    case 'message': {
      const { header, body } = reading.message;
      const text = bodyText(body);
      return `${place} ${headerText(header, output)}${text === '' ? '' : `  ${text}`}`;
    }
    case 'refused': {
      const why = output.paint('red', `refused ${reading.code}: ${reading.problem}`);
      const header = reading.header === null ? '' : `  ${headerText(reading.header, output)}`;
      return `${place} ${why}${header}${reading.header === null ? headText(reading) : ''}`;
    }
    case 'encrypted':
      return `${place} ${output.paint('magenta', `encrypted, ${datagram.bytes.length} bytes`)}${headText(reading)}`;
    case 'challenge':
      return `${place} ${output.paint('cyan', 'challenge')}  to ${reading.asked}${headText(reading)}`;
    case 'answer': {
      const { challenger, floor } = reading;
      const what = `to ${challenger}, counters above ${floor}`;
      return `${place} ${output.paint('cyan', 'answer')}  ${what}${headText(reading)}`;
    }
    case 'other':
      return `${place} ${output.paint('dim', `not FTMP, ${datagram.bytes.length} bytes`)}`;
    default:
      return reading satisfies never;
  }
}

/** What can be read of an encrypted datagram without a key. */
function headText({ head }: Reading): string {
  if (head === null) return '';
  return `  ${head.kind}  key ${head.keyId}  transmitter ${head.transmitter}  counter ${head.counter}`;
}

function headerText(header: Header, output: Output): string {
  const { type, source, group, sequence, timestamp, ack, minor, retransmission, safe } = header;
  const name = output.paint(colourOf(header), type.padEnd(widestType));
  const counters = `group ${group}  #${sequence}  ts ${timestamp}  ack ${ack}`;
  const words = [
    retransmission ? output.paint('yellow', 'again') : '',
    safe ? 'safe' : '',
    minor === 0 ? '' : `version 1.${minor}`,
  ];
  const marks = words.filter((word) => word !== '').map((word) => `  ${word}`);
  return `${name} ${processorText(source)}  ${counters}${marks.join('')}`;
}

function colourOf({ type }: Header): 'bold' | 'dim' | 'cyan' | 'yellow' {
  switch (type) {
    case 'regular':
      return 'bold';
    case 'heartbeat':
      return 'dim';
    case 'retransmitRequest':
      return 'yellow';
    default:
      return 'cyan';
  }
}

/** Hours, minutes, seconds and microseconds where the reader is. */
function clock(time: number | null): string {
  if (time === null) return '--:--:--.------';
  const micros = Math.round((time % 1_000) * 1_000);
  return `${new Date(time).toTimeString().slice(0, 8)}.${String(micros).padStart(6, '0')}`;
}
