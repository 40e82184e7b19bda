/** Where a connection is: the processor group that carries it, and an address that is opaque to the protocol. */
import type { GroupId } from '../ids.ts';

export type Place = { readonly group: GroupId; readonly address: Uint8Array };

export function isSamePlace(one: Place, other: Place): boolean {
  return placeText(one) === placeText(other);
}

/** `7/7f0000011f90`: the processor group, and the address in hexadecimal digits. */
export function placeText({ group, address }: Place): string {
  const hex = Array.from(address, (byte) => byte.toString(16).padStart(2, '0'));
  return `${group}/${hex.join('')}`;
}
