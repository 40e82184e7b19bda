/**
 * What a processor may have under way that not all have acknowledged. It is as its settings say, but all senders together have no more under way than
 * what a receiver's system keeps while the receiver is busy: what is beyond that is lost, and sent again to those who have no room for it either.
 */
import type { Settings } from './options.ts';

export type SendWindow = { readonly messages: number; readonly bytes: number };

/** What a datagram takes of the room at the least, in bytes. */
const datagramRoom = 1_024;
/** So many packets may be under way in any case. */
const packetsLeast = 8;

/** @param senders those who may send to one receiver, 1 … */
export function sendWindow(
  { windowMessages, windowBytes, receiveBytes, packetBytes }: Settings,
  senders: number,
): SendWindow {
  const share = receiveBytes / Math.max(1, senders);
  const messages = Math.max(packetsLeast, Math.floor(share / datagramRoom));
  const bytes = Math.max(packetsLeast * packetBytes, Math.floor(share));
  return { messages: Math.min(windowMessages, messages), bytes: Math.min(windowBytes, bytes) };
}
