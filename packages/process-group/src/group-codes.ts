/** What each code of a GroupError means, and what to do. */
export const groupCodes = {
  'group-option': {
    meaning: 'An argument is wrong, and nothing was done.',
    remedy: 'The text says which one, and what to give instead.',
  },
  'group-time': {
    meaning:
      'Nobody let this process in in time, or there was no room for a request within its time-out.',
    remedy:
      'The text says what stands in the way, as far as it is known. Is there a quorum (`primary`)?',
  },
  'group-absent': {
    meaning: 'On this machine nobody is in the group, and an observer makes none.',
    remedy: 'Start a member first.',
  },
  'group-refused': {
    meaning:
      'The members do not admit this process: it has another version or other replicas, the group is full, or another group has its number.',
    remedy:
      'The text says which. Use the same version and replicas everywhere; end a member of a full group, which has 255; choose another name.',
  },
  'group-state-lost': {
    meaning: 'Nobody who held the state is left.',
    remedy: 'End whoever is left, and begin the group anew.',
  },
  'group-excluded': {
    meaning:
      'The others removed this process. It comes back by itself, unless the group is over for it.',
    remedy: 'Look whether what was asked took effect, or ask again, when it is back.',
  },
  'group-over': {
    meaning:
      'The group is over for this process: it has left, or the `cause` says why. Or a replica is in no group: not yet, or not any more.',
    remedy:
      'Join again; with `Transport`, on a new one. A replica is used when the join that it was given to has resolved.',
  },
  'group-connection': {
    meaning: 'A connection has no room for a request, or its reply will not come.',
    remedy: 'Call again when replies have come, if the text says that it was not taken.',
  },
  'group-replica': {
    meaning:
      'A replica threw an error: its state may not be that of the others, so this process left.',
    remedy: 'Mend the replica, and join again.',
  },
  'group-unread': {
    meaning: 'Calls wait for the group, and its events are not read: too many have come.',
    remedy: 'Read the events meanwhile, or join with `events: false`.',
  },
} as const;
