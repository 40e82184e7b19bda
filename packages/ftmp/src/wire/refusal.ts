/** Why a datagram was not taken (C1). Nothing that a wire can carry makes a decoder throw. */

export const refusalCodes = [
  /** Shorter than a header. */
  'SHORT',
  'MAGIC',
  /** Another major version. */
  'VERSION',
  /** The size in the header is not that of the message. */
  'SIZE',
  'TYPE',
  /** Flags that nobody knows, or that this type does not have. */
  'FLAGS',
  /** A processor number of 0, or beyond 21 bits. */
  'SOURCE',
  /** The body is not one of its type. */
  'BODY',
  /** The body is well formed, but longer, larger or more than allowed. */
  'LIMIT',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

export type Refusal = {
  readonly refused: RefusalCode;
  /** What is wrong, as a clause, for people. */
  readonly problem: string;
};

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
