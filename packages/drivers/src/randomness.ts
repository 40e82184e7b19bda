/** Randomness of the operating system. */
import { randomBytes, randomInt } from 'node:crypto';
import { type ProcessorId, processorId } from '@choir/ftmp';

const poolBytes = 4_096;
const wordBytes = 4;
const words = 2 ** 32;
const processorNumbers = 2 ** 21;

/** Numbers that are uniform in [0, 1), of 32 bits each; drawn in bulk. */
export function uniform(): () => number {
  let pool = randomBytes(poolBytes);
  let at = 0;
  return () => {
    if (at === poolBytes) {
      pool = randomBytes(poolBytes);
      at = 0;
    }
    at += wordBytes;
    return pool.readUInt32LE(at - wordBytes) / words;
  };
}

/** A processor number for a process that was given none: 1 … 2^21-1. */
export function anyProcessorNumber(): number {
  return randomInt(1, processorNumbers);
}

/**
 * The id of a new incarnation.
 *
 * @param processorNumber 1 … 2^21-1
 * @throws RangeError when it is out of its range
 */
export function newIncarnation(processorNumber: number): ProcessorId {
  return processorId(processorNumber, randomInt(words));
}
