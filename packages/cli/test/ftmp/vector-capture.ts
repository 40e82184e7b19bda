/** Captures made of `vectors/ftmp`: every message in both byte orders, and everything that must be refused. */
import { readFileSync } from 'node:fs';
import { checked } from '@choir/ftmp';
import { type Captured, pcap } from '../capture/capture-file.ts';
import { ethernet, internet, udp, way } from '../capture/packets.ts';

export type MessageVector = {
  readonly name: string;
  readonly type: string;
  readonly header: { readonly [name: string]: unknown };
  readonly body: { readonly [name: string]: unknown };
  readonly big: string;
  readonly little: string;
};

export type RefusedVector = {
  readonly why: string;
  readonly code: string;
  readonly message: string;
};

type DatagramVector = { readonly datagram: string; readonly message: string | null };

export const messageVectors: readonly MessageVector[] = read('messages');
export const refusedVectors: readonly RefusedVector[] = read('refused');
const datagramVectors: readonly DatagramVector[] = read('datagrams');

/** As a datagram in its envelope. */
export function sealed(hex: string): Buffer {
  return Buffer.from(checked.seal(Buffer.from(hex, 'hex')));
}

export function captured(datagram: Buffer): Captured {
  return { bytes: ethernet(internet(way, udp(way, datagram))) };
}

/** Each vector of a message, big endian and little endian in turn. */
export function messageCapture(): Buffer {
  const hexes = messageVectors.flatMap(({ big, little }) => [big, little]);
  return pcap(hexes.map((hex) => captured(sealed(hex))));
}

export function refusedCapture(): Buffer {
  return pcap(refusedVectors.map(({ message }) => captured(sealed(message))));
}

/** Datagrams with and without an envelope that opens. */
export function envelopeCapture(): Buffer {
  return pcap(datagramVectors.map(({ datagram }) => captured(Buffer.from(datagram, 'hex'))));
}

function read<Vector>(name: string): readonly Vector[] {
  const file = new URL(`../../../../vectors/ftmp/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}
