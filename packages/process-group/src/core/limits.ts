/** What is bounded, and by how much. Of text: bytes of UTF-8. */
import type { PieceSizes } from './cutting.ts';

export const nameBytesMax = 256;
export const labelBytesMax = 64;
export const channelBytesMax = 64;
/** Members that a message can be for, and that a roll can have: what is read is bounded by it. Of members of a group FTMP takes 255, which is the limit that is met. */
export const membersMax = 1_024;
/** Labels of the past that the roll remembers (R5). */
export const pastMax = 1_024;
/** Of what an application says at once. A message of FTMP has 16 MiB, with what stands before these. */
export const payloadBytesMax = 16 * 1024 ** 2 - 16 * 1024;
/** Of the pieces in which a snapshot is sent: 60 KiB in the mean. */
export const pieceSizes: PieceSizes = { min: 32 * 1024, max: 128 * 1024, bits: 15 };
/** Pieces that were multicast and have not come back. */
export const piecesUnderWayMax = 4;
/** What else a provider says ahead of the next piece, about: pieces have a tenth of what goes out, or more. */
export const passedBytesMax = 512 * 1024;
/** Of what tells a piece apart (T5). */
export const digestBytes = 16;
/** Pieces that a joiner says it has: half a MiB of digests, which take a provider twice as much for each joiner. */
export const formerPiecesMax = 32_768;
/** Pieces that one message says are the same: no more are looked through at once. */
export const samePiecesMax = 16;
/** The longest state that a joiner takes. */
export const stateBytesMax = 1024 ** 3;
/** What a joiner keeps of what follows the marker. */
export const keptBytesMax = 64 * 1024 ** 2;
/** A joiner waits so long for the next piece, or for a marker. */
export const silentMs = 10_000;
/** Of what waits to go out, until answers fail; the last one may be as long as a payload (Q4). */
export const answersBytesMax = 64 * 1024 ** 2;
/** Of what waits to go out, until not even failures are said. */
export const failuresBytesMax = answersBytesMax + payloadBytesMax + 8 * 1024 ** 2;
/** Why an answer failed, as its asker is told. */
export const failureBytesMax = 1_024;
/** Requests of one member that have not ended. */
export const requestsMax = 65_536;
