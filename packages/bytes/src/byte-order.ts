/** Which byte of an integer of fixed width comes first. */
export type ByteOrder = 'big' | 'little';
