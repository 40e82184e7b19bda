/** The message table and the types that follow from it. */
import type { Infer } from '../codec/index.ts';
import type { delivery, event, objectState, property, updateKind } from './event.ts';
import type { fromClient, joinTarget } from './from-client.ts';
import type { fromServer, lockInfo, memberInfo, objectUpdate } from './from-server.ts';
import type { holder, part, submission, submissionBody } from './submission.ts';

export { type Code, codes } from './codes.ts';
export {
  delivery,
  event,
  objectIdList,
  objectState,
  position,
  property,
  propertyList,
  updateKind,
} from './event.ts';
export { fromClient, joinTarget } from './from-client.ts';
export { fromServer, lockInfo, memberInfo, objectUpdate } from './from-server.ts';
export { holder, holderList, part, submission, submissionBody } from './submission.ts';

export type UpdateKind = Infer<typeof updateKind>;
export type Property = Infer<typeof property>;
export type ObjectState = Infer<typeof objectState>;
export type Event = Infer<typeof event>;
export type Delivery = Infer<typeof delivery>;

export type Part = Infer<typeof part>;
export type SubmissionBody = Infer<typeof submissionBody>;
export type Submission = Infer<typeof submission>;
export type Holder = Infer<typeof holder>;

export type JoinTarget = Infer<typeof joinTarget>;
export type FromClient = Infer<typeof fromClient>;

export type MemberInfo = Infer<typeof memberInfo>;
export type LockInfo = Infer<typeof lockInfo>;
export type ObjectUpdate = Infer<typeof objectUpdate>;
export type FromServer = Infer<typeof fromServer>;
