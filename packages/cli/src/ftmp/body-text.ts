/** Bodies of FTMP in a few words, for people. */
import { textOf } from '@choir/bytes';
import {
  type Acceptance,
  type Body,
  type Confirmation,
  compareViews,
  connectionText,
  type HeldMark,
  type Mark,
  type Member,
  type Newcomer,
  noView,
  type Part,
  type ProcessorId,
  processorText,
  viewText,
} from '@choir/ftmp';
import { printable } from '../output/printable.ts';

const partsShown = 4;
/** Characters of a text, bytes of what is none. */
const dataShown = 32;

export function bodyText(body: Body): string {
  switch (body.type) {
    case 'regular':
      return partsText(body.parts);
    case 'retransmitRequest': {
      const { processor, start, stop } = body;
      const what = start === stop ? `#${start}` : `#${start} to #${stop}`;
      return `asks for ${what} of ${processorText(processor)}`;
    }
    case 'heartbeat': {
      const { progress, asks, stalled, ahead, confirms, configuration, view, padding } = body;
      const words = [
        progress > 0 ? `progress ${progress}` : '',
        asks ? 'asks all' : '',
        stalled ? 'stalled' : '',
        ahead > 0 ? `lookahead +${ahead}` : '',
        confirms.length > 0
          ? `confirms the probe ${confirms.map(confirmationText).join(', ')}`
          : '',
        padding.length > 0 ? `probe, ${padding.length} more bytes` : '',
      ];
      const isPlaced = compareViews(configuration, noView) !== 0;
      const place = isPlaced ? `view ${viewText(view)} in ${viewText(configuration)}` : '';
      return [...words, place].filter((word) => word !== '').join(', ');
    }
    case 'connectRequest':
      return `wants ${connectionText(body.connection)} for ${processors(body.processors)}`;
    case 'connect': {
      const { connection, group, address, view, members } = body;
      const where = `group ${group}${at(address)}`;
      return `${connectionText(connection)} uses ${where}; view ${viewText(view)} of ${processors(members)}`;
    }
    case 'addProcessor': {
      const { newMember, lineage, view, configuration, watermark, members } = body;
      const place = `view ${viewText(view)} in ${viewText(configuration)} of ${viewText(lineage)}`;
      const who = members.map(memberText).join(', ');
      return `adds ${newcomerText(newMember)}; ${place}, watermark ${watermark}, members ${who}`;
    }
    case 'removeProcessor':
      return `removes ${processorText(body.member)}`;
    case 'suspect':
      return `suspects ${processors(body.suspects)}; configuration ${viewText(body.view)}`;
    case 'membership':
      return membershipText(body);
    case 'join': {
      const { minorMin, minorMax, sequence, address, lineage, view } = body;
      const place = `view ${viewText(view)} of ${viewText(lineage)}`;
      const heard = view.timestamp === 0 ? '' : `, has heard of ${place}`;
      return `asks to be added from #${sequence}${at(address)}, speaks 1.${minorMin} to 1.${minorMax}${heard}`;
    }
    case 'refuse':
      return `refuses ${processorText(body.processor)}: ${body.reason}; view ${viewText(body.view)}`;
    case 'announce': {
      const { lineage, configuration, view, primary, members, address } = body;
      const kind = primary ? 'primary' : 'not primary';
      const place = `view ${viewText(view)} in ${viewText(configuration)} of ${viewText(lineage)}`;
      return `${place}, ${kind}, ${members} members${at(address)}`;
    }
    case 'slice':
      return `bytes ${body.offset} to ${body.offset + body.content.length - 1} of ${body.length}`;
    default:
      return body satisfies never;
  }
}

const deeds = { propose: 'proposes', ready: 'is ready with', installed: 'has installed' } as const;

/** First what is to come, then what it is to follow. */
function membershipText(body: Extract<Body, { readonly type: 'membership' }>): string {
  const { phase, round, proposed, held, members, view, configuration, accepted } = body;
  const gone = members.filter((id) => !proposed.includes(id));
  const without = gone.length === 0 ? '' : ` without ${processors(gone)}`;
  const what = `round ${round}: ${deeds[phase]} ${processors(proposed)}${without}`;
  const place = `view ${viewText(view)} in ${viewText(configuration)}, members ${processors(members)}`;
  const more = accepted === null ? '' : `; ${acceptanceText(accepted)}`;
  return `${what}; ${place}${more}; holds ${heldText(held)}`;
}

function partsText(parts: readonly Part[]): string {
  const shown = parts.slice(0, partsShown).map(partText);
  const more = parts.length - shown.length;
  return more > 0 ? `${shown.join(' | ')} | and ${more} more` : shown.join(' | ');
}

/** A whole message as it is; a piece with an ellipsis where the rest of it is. */
function partText({ first, last, restart, request, bytes }: Part): string {
  const whose =
    request === null
      ? ''
      : `${connectionText(request.connection)} ${request.reply === true ? 're ' : ''}#${request.number} `;
  const piece = first && last ? '' : `${first ? 'first' : last ? 'last' : 'next'} piece, `;
  return `${restart ? 'restart, ' : ''}${piece}${whose}${bytes.length} bytes${dataText(bytes)}`;
}

/** The beginning of a payload: as text when all of it is, else its bytes. */
function dataText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const text = textOf(bytes);
  if (text === null) {
    const hex = Buffer.from(bytes.subarray(0, dataShown / 2)).toString('hex');
    return ` ${hex}${bytes.length > dataShown / 2 ? '…' : ''}`;
  }
  return ` "${printable(text.slice(0, dataShown))}"${text.length > dataShown ? '…' : ''}`;
}

function confirmationText({ processor, timestamp }: Confirmation): string {
  return `${timestamp} of ${processorText(processor)}`;
}

function newcomerText({ id, sequence, address }: Newcomer): string {
  return `${processorText(id)} #${sequence}${at(address)}`;
}

function memberText(member: Member): string {
  const stage = member.stage === 'between' ? '' : ` ${member.stage}`;
  return `${newcomerText(member)}${stage}`;
}

/** The successor has the name of the view that it is to begin with (E4). */
function acceptanceText({ round, successor }: Acceptance): string {
  const { members, cut, timestamp } = successor;
  const [first] = members;
  const name = first === undefined ? '' : `view ${viewText({ timestamp, processor: first })} of `;
  return `accepted in round ${round}: ${name}${processors(members)}, cut ${marksText(cut)}`;
}

function heldText(marks: readonly HeldMark[]): string {
  if (marks.length === 0) return 'nothing';
  return marks
    .map(({ source, sequence, heard }) => `${processorText(source)} #${sequence} to ts ${heard}`)
    .join(', ');
}

function marksText(marks: readonly Mark[]): string {
  if (marks.length === 0) return 'nothing';
  return marks.map(({ source, sequence }) => `${processorText(source)} #${sequence}`).join(', ');
}

function processors(ids: readonly ProcessorId[]): string {
  return ids.length === 0 ? 'nobody' : ids.map(processorText).join(', ');
}

function at(address: Uint8Array): string {
  return address.length === 0 ? '' : ` at ${Buffer.from(address).toString('hex')}`;
}
