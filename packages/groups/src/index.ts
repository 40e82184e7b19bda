export { type Command, command } from './command.ts';
export type { Effect, JoinedGroup, Proposal, Result, Timer } from './effect.ts';
export { GroupsService } from './service.ts';
export type { GroupDescription, ContentRef } from './service.ts';
