/**
 * Payloads as text that every peer carries: when it was sent, by whom, and its number, in digits, then
 * filling.
 */
const timeDigits = 14;
const publisherDigits = 6;
const numberDigits = 10;

export function payloadOf(
  bytes: number,
  sentUs: number,
  publisher: number,
  number: number,
): Buffer {
  const payload = Buffer.alloc(bytes, 0x78);
  putDigits(payload, 0, timeDigits, Math.round(sentUs));
  putDigits(payload, timeDigits, publisherDigits, publisher);
  putDigits(payload, timeDigits + publisherDigits, numberDigits, number);
  return payload;
}

export function sentUs(bytes: Buffer, at: number): number {
  return digits(bytes, at, timeDigits);
}

export function publisherOf(bytes: Buffer, at: number): number {
  return digits(bytes, at + timeDigits, publisherDigits);
}

export function numberOf(bytes: Buffer, at: number): number {
  return digits(bytes, at + timeDigits + publisherDigits, numberDigits);
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i += 1) value = value * 10 + (bytes[i] ?? 0) - 0x30;
  return value;
}

function putDigits(bytes: Buffer, at: number, count: number, value: number): void {
  let rest = value;
  for (let i = at + count - 1; i >= at; i -= 1) {
    bytes[i] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
