/** How the trace names the message types of FTMP. */
import { type MessageTypeName, messageTypes, typeNames } from '@choir/ftmp';
import type { DatagramType } from '@choir/testkit/views';

const byNumber = new Map<number, DatagramType>(
  Object.entries(messageTypes).map(([name, number]) => [
    number,
    typeNames[name as MessageTypeName],
  ]),
);

/** Null for a number that no type has, as damage may make it. */
export function datagramTypeOfNumber(number: number | undefined): DatagramType | null {
  return byNumber.get(number ?? -1) ?? null;
}
