export {
  BrowserOutbox,
  type BrowserOutboxOptions,
  type DamagedRecord,
} from './browser-outbox.ts';
