/** Why a capture could not be read on. Codes are stable. */

export type CaptureErrorCode =
  /** The file begins like no capture. */
  | 'NOT_A_CAPTURE'
  /** It ends within a packet. */
  | 'CUT_OFF'
  /** Something in it cannot be. */
  | 'DAMAGED';

export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly code: CaptureErrorCode;

  /** @param problem what is wrong, as a clause: "a packet is longer than 1048576 bytes" */
  constructor(code: CaptureErrorCode, problem: string) {
    super(problem);
    this.code = code;
  }
}
