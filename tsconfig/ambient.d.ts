// What a pure package may take from its surroundings beyond the language itself: text to bytes and
// back. Every runtime has these two, they hold no hidden state, and es2023 does not declare them.
// Clocks, timers, randomness, sockets, files and the console are absent on purpose.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
