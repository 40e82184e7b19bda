/**
 * The names of the protocol: processors, processor groups, views. Casts to the branded types are here and nowhere else.
 */

declare const processorBrand: unique symbol;
declare const groupBrand: unique symbol;

/**
 * One incarnation of a processor: `processor * 2^32 + incarnation`, an exact number. An id never comes back: a
 * processor that starts again draws a new incarnation.
 */
export type ProcessorId = number & { readonly [processorBrand]: true };

/** A processor group: 32 bits, chosen by whoever names groups. */
export type GroupId = number & { readonly [groupBrand]: true };

const incarnations = 2 ** 32;
/** Processor numbers have 21 bits, so that an id is an exact number. */
const processorNumberMax = 2 ** 21 - 1;

/**
 * @param processor 1 … 2^21-1; may be kept over restarts
 * @param incarnation 0 … 2^32-1; drawn at random at every start
 * @throws RangeError when one is out of its range
 */
export function processorId(processor: number, incarnation: number): ProcessorId {
  if (!Number.isInteger(processor) || processor < 1 || processor > processorNumberMax) {
    throw new RangeError(`a processor number is 1 … ${processorNumberMax}, not ${processor}`);
  }
  if (!Number.isInteger(incarnation) || incarnation < 0 || incarnation >= incarnations) {
    throw new RangeError(`an incarnation is 0 … 2^32-1, not ${incarnation}`);
  }
  return (processor * incarnations + incarnation) as ProcessorId;
}

/** An id as it came in 64 bits; null when its processor number is 0 or too large. */
export function processorIdOf(value: number): ProcessorId | null {
  const processor = processorNumber(value as ProcessorId);
  return processor >= 1 && processor <= processorNumberMax ? (value as ProcessorId) : null;
}

export function processorNumber(id: ProcessorId): number {
  return Math.floor(id / incarnations);
}

/** `3.1a2b3c4d`: the number, and the incarnation in eight hexadecimal digits. */
export function processorText(id: ProcessorId): string {
  return `${processorNumber(id)}.${(id % incarnations).toString(16).padStart(8, '0')}`;
}

/** @throws RangeError when the number is not an integer of 32 bits */
export function groupId(value: number): GroupId {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`a processor group id is 0 … 2^32-1, not ${value}`);
  }
  return value as GroupId;
}

/**
 * A view of a group: the timestamp of what made it, and the processor that sent that (of a view made by failure: the
 * first of its members). Later views of a group have larger ids.
 */
export type ViewId = { readonly timestamp: number; readonly processor: ProcessorId };

/** Before every view. */
export const noView: ViewId = { timestamp: 0, processor: incarnations as ProcessorId };

/** Negative when `one` is earlier than `other`, 0 when they are the same. */
export function compareViews(one: ViewId, other: ViewId): number {
  return one.timestamp - other.timestamp || one.processor - other.processor;
}

export function viewText(view: ViewId): string {
  return `${view.timestamp}/${processorText(view.processor)}`;
}
