export { type RunningServer, type ServeOptions, serve } from './serve.ts';
export { ServeError, type ServeErrorCode } from './serve-error.ts';
