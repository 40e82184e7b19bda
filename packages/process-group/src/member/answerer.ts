/** What answers the requests of members, in an application. */
import type { GroupMessage } from './event.ts';

/** A request of a member. */
export type Request = Omit<GroupMessage, 'kind' | 'direct'>;

/**
 * Answers a request. It is called at the request's place in the order; what it awaits does not hold the order up, so it may ask its own
 * group. What it throws is told to the asker.
 */
export type Answerer = (request: Request) => Uint8Array | Promise<Uint8Array>;
