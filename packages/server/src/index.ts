export { checkData, type DataCheck } from './data/check-data.ts';
export { type StoredDelivery, storedDeliveries } from './data/stored-deliveries.ts';
export { type RunningServer, type ServeOptions, serve } from './serve.ts';
export { ServeError, type ServeErrorCode } from './serve-error.ts';
