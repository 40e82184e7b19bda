/** Commands: what a host submits to the ordering, and what `apply` reads back from an entry. */
import {
  blob,
  clientId,
  displayName,
  flag,
  groupName,
  type Infer,
  limits,
  list,
  lockSetIdCodec,
  natural,
  optional,
  position,
  record,
  sessionIdCodec,
  submission,
  union,
} from '@choir/protocol';

const secretHashBytes = 32;

export const command = union({
  /** Tags are stored in logs; never reuse one. */
  attach: [1, record({ client: clientId, secretHash: blob(secretHashBytes) })],
  detach: [2, record({ client: clientId, session: sessionIdCodec })],
  /** `privileged`: the host found the client entitled to checkpoint, break locks and delete groups. */
  submit: [3, record({ client: clientId, session: sessionIdCodec, privileged: flag, submission })],
  join: [
    4,
    record({
      client: clientId,
      session: sessionIdCodec,
      requestId: natural,
      targets: list(
        record({
          group: groupName,
          name: displayName,
          created: natural,
          after: optional(position),
        }),
        limits.joinGroups,
      ),
    }),
  ],
  expire_absence: [5, record({ group: natural, client: clientId, absence: natural })],
  expire_grace: [6, record({ group: natural, lockSet: lockSetIdCodec, absence: natural })],
  forget: [7, record({ client: clientId, absence: natural })],
  /** More than one waiting lock request could be granted; each grant needs a position of its own. */
  grant_next: [8, record({ group: natural })],
  /** Deliveries of the group up to this one are no longer given. */
  cut_history: [9, record({ group: natural, upTo: position })],
});

export type Command = Infer<typeof command>;
