export type { HostOptions } from './assembly.ts';
export { Capabilities, type Grant, lackOf, type Verb, verbs } from './capabilities.ts';
export type { Verdict } from './credentials.ts';
export type { ConnectionId, HostEffect, Stopped } from './effect.ts';
export type { Figures } from './figures.ts';
export { Host } from './host.ts';
export type { RetentionRule } from './retention.ts';
export { defaultSettings, type HostSettings } from './settings.ts';
