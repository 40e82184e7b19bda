export { type Command, command } from './command.ts';
export type { Effect, JoinedGroup, Proposal, Result, Timer } from './effect.ts';
export type { Kept } from './history.ts';
export type { ContentRef } from './objects.ts';
export { type GroupDescription, type GroupSummary, GroupsService } from './service.ts';
export { UnknownCommandError } from './unknown-command.ts';
