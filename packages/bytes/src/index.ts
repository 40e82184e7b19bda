export { fromBase64, toBase64 } from './base64.ts';
export type { ByteOrder } from './byte-order.ts';
export { crc32 } from './crc32.ts';
export { readFixed, type Width, writeFixed } from './fixed-width.ts';
export { naturalBytes } from './natural.ts';
export { Reader, type ReadFailure, type ReadFailureCode } from './reader.ts';
export { textOf, utf8Length, utf8Of } from './utf8.ts';
export { UnencodableError, Writer } from './writer.ts';
