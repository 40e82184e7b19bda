export { type Command, command } from './command.ts';
export type { Effect, JoinedGroup, Proposal, Result, Timer } from './effect.ts';
export type { ContentRef } from './objects.ts';
export { type GroupDescription, GroupsService } from './service.ts';
