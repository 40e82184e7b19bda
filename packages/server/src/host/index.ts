export type { HostOptions } from './assembly.ts';
export type { ConnectionId, HostEffect, Stopped } from './effect.ts';
export { Host } from './host.ts';
export { defaultSettings, type HostSettings } from './settings.ts';
