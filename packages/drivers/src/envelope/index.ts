/** For tools that read protected datagrams, and run no processor. */
export { DriverError } from '../driver-error.ts';
export { type ClusterKey, readKeys } from '../keys.ts';
export { type ClearHead, EnvelopeReader, type EnvelopeReading } from './envelope-reader.ts';
