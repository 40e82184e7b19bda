/** What a caller can mend: each says the cause and the remedy. */
export type DriverErrorCode =
  | 'drivers-address'
  | 'drivers-closed'
  | 'drivers-insecure'
  | 'drivers-key'
  | 'drivers-message'
  | 'drivers-option'
  | 'drivers-socket'
  | 'drivers-thread'
  | 'drivers-trace';

export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code: DriverErrorCode;

  constructor(code: DriverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
