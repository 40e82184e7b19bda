/** Every object that `--json` prints: the documentation, and the contract that the tests check. */

export type JsonObject = {
  readonly type: string;
  readonly by: string;
  readonly meaning: string;
  readonly fields: readonly string[];
};

export const jsonObjects: readonly JsonObject[] = [
  {
    type: 'ready',
    by: 'serve',
    meaning: 'Clients are accepted now.',
    fields: ['url', 'data', 'pid', 'version'],
  },
  {
    type: 'setting',
    by: 'serve --print-config',
    meaning:
      'from is command_line, environment, file or default; where names the option, the variable or ' +
      'the key and its file.',
    fields: ['name', 'value', 'from', 'where'],
  },
  {
    type: 'keys',
    by: 'token make',
    meaning: 'The files with the key that signs and with its half that verifies.',
    fields: ['signs', 'verifies'],
  },
  {
    type: 'token',
    by: 'token',
    meaning: 'A token was signed, for sub, for so long.',
    fields: ['token', 'sub', 'forMs'],
  },
  {
    type: 'claims',
    by: 'token show',
    meaning: 'What a token says; holds is null unless the keys were named.',
    fields: ['header', 'payload', 'holds'],
  },
  {
    type: 'ack',
    by: 'send, object, join',
    meaning: 'The message has its place in the order and is on disk. One for each, in order.',
    fields: ['group', 'localId', 'globalId', 'epoch', 'data'],
  },
  {
    type: 'refused',
    by: 'send, object, join',
    meaning: 'The message did not and will not take effect.',
    fields: ['group', 'code', 'message', 'data'],
  },
  {
    type: 'joined',
    by: 'join',
    meaning: 'This process is a member, and follows the group from here on.',
    fields: ['group', 'globalId', 'epoch', 'senderId', 'name'],
  },
  {
    type: 'rejoined',
    by: 'join',
    meaning: 'The connection was away; what was missed has been printed before this.',
    fields: [
      'group',
      'globalId',
      'delivered',
      'resent',
      'duplicates',
      'conflicts',
      'discarded',
      'gap',
    ],
  },
  {
    type: 'message',
    by: 'join, log, admin export',
    meaning:
      'kind is bcast; obj_state, with object and update (INC or NEW); or group_state, with objects ' +
      'in place of data.',
    fields: ['group', 'globalId', 'epoch', 'time', 'kind', 'senderId', 'localId', 'name', 'data'],
  },
  {
    type: 'member',
    by: 'members, join, log, admin export',
    meaning:
      'kind is new_member, disconnected_member, rejoined_member, renamed_member, non_member, or ' +
      'present in the list that members begins with; status is member, disconnected_member or ' +
      'non_member.',
    fields: ['group', 'globalId', 'epoch', 'time', 'kind', 'senderId', 'name', 'status'],
  },
  {
    type: 'lock',
    by: 'join, log, admin export',
    meaning:
      'kind is lock_granted or lock_released, status held or released; fence is the id of the lock ' +
      'set, and cause says why it was released.',
    fields: [
      'group',
      'globalId',
      'epoch',
      'time',
      'kind',
      'senderId',
      'status',
      'fence',
      'objects',
    ],
  },
  {
    type: 'lock',
    by: 'lock',
    meaning: 'status is waiting, held, unconfirmed, released or lost.',
    fields: ['group', 'status', 'fence', 'objects'],
  },
  {
    type: 'lock',
    by: 'lock break, admin break',
    meaning: 'status is broken; senderId held the lock set until then.',
    fields: ['group', 'globalId', 'epoch', 'senderId', 'status', 'fence', 'objects'],
  },
  {
    type: 'properties',
    by: 'join, log, admin export',
    meaning: 'Properties of the group were set; an empty value removes one.',
    fields: ['group', 'globalId', 'epoch', 'time', 'kind', 'senderId', 'localId', 'properties'],
  },
  {
    type: 'group',
    by: 'join, log, admin export',
    meaning: 'The group was deleted.',
    fields: ['group', 'globalId', 'epoch', 'time', 'kind', 'senderId', 'localId', 'status'],
  },
  {
    type: 'object',
    by: 'object get',
    meaning: 'The content of the object as of globalId.',
    fields: ['group', 'object', 'globalId', 'epoch', 'data'],
  },
  {
    type: 'status',
    by: 'status',
    meaning: 'status is writable, or read_only with the reason in why.',
    fields: [
      'status',
      'why',
      'server',
      'version',
      'globalId',
      'epoch',
      'groups',
      'clients',
      'connections',
      'uptimeMs',
    ],
  },
  {
    type: 'group_summary',
    by: 'admin groups',
    meaning:
      'members counts the disconnected, too; entries and bytes are those of its deliveries. ' +
      'createdAt is the global id at which the group came into being.',
    fields: [
      'group',
      'createdAt',
      'stateful',
      'members',
      'disconnected',
      'objects',
      'locks',
      'entries',
      'bytes',
    ],
  },
  {
    type: 'backup',
    by: 'admin backup',
    meaning: 'The copy is complete and was checked; it has everything up to globalId.',
    fields: ['data', 'to', 'globalId', 'epoch'],
  },
  {
    type: 'imported',
    by: 'admin import',
    meaning: 'The group was made, and so many messages were played back into it.',
    fields: ['group', 'messages'],
  },
  {
    type: 'check',
    by: 'doctor',
    meaning: 'status is ok, warn or fail; found says what was found, remedy what to do about it.',
    fields: ['check', 'status', 'found', 'remedy'],
  },
  {
    type: 'journal',
    by: 'admin check',
    meaning:
      'status is whole or damaged. The entries from first to globalId are whole; complete says ' +
      'whether they are all that was acknowledged.',
    fields: ['status', 'data', 'first', 'globalId', 'epoch', 'complete', 'damagedAt'],
  },
  {
    type: 'datagram',
    by: 'ftmp decode',
    meaning:
      'status is message, refused (with code and problem), encrypted, challenge, answer or other; bytes counts those ' +
      'of the datagram; envelope is the head of an encrypted one (kind, keyId, transmitter, counter). ' +
      'From message on: its type, header and body, as docs/protocol/ftmp.md has them (W12); ' +
      'again says that it is a retransmission.',
    fields: [
      'frame',
      'time',
      'from',
      'to',
      'bytes',
      'status',
      'envelope',
      'code',
      'problem',
      'message',
      'version',
      'order',
      'again',
      'packed',
      'safe',
      'source',
      'group',
      'sequence',
      'timestamp',
      'ack',
      'body',
    ],
  },
  {
    type: 'connection',
    by: 'join, log --follow, members --watch',
    meaning: 'status is online or offline; pending counts what waits to be acknowledged.',
    fields: ['status', 'server', 'pending'],
  },
  {
    type: 'listening',
    by: 'group join --listen',
    meaning:
      'Others reach this process at address: a --seed for them. With --multicast there is multicast in its place, where they find it.',
    fields: ['address', 'multicast'],
  },
  {
    type: 'view',
    by: 'group join',
    meaning:
      'Who is in the group from here on, oldest first; id is one more than that of the view before. The others are what has changed since: ' +
      'returned are those of joined who were in it before, left went in order, excluded were removed, as by a crash.',
    fields: ['id', 'members', 'primary', 'joined', 'returned', 'left', 'excluded'],
  },
  {
    type: 'message',
    by: 'group join',
    meaning:
      'A member said this. What choir group join says is on the channel main; applications may use others.',
    fields: ['sender', 'data', 'channel'],
  },
  {
    type: 'primary',
    by: 'group join',
    meaning: 'Whether there is a majority: without one nothing is delivered.',
    fields: ['primary'],
  },
  {
    type: 'excluded',
    by: 'group join',
    meaning:
      'The others removed this process; it comes back by itself, and what was said meanwhile is missed.',
    fields: [],
  },
  {
    type: 'member_statistics',
    by: 'group probe',
    meaning:
      'What a member says of itself. status is answered, missing, gone or failed (with message); self is the probe. ' +
      'sees counts the members in its view but for observers; view is the number of that view. sentMessages and ' +
      'deliveredMessages are of the group, with what the toolkit itself says; the bytes are of all its datagrams.',
    fields: [
      'label',
      'id',
      'status',
      'self',
      'since',
      'sees',
      'host',
      'pid',
      'view',
      'observer',
      'sentMessages',
      'deliveredMessages',
      'sentBytes',
      'receivedBytes',
      'retransmissions',
      'waitingMessages',
      'exclusions',
      'message',
    ],
  },
  {
    type: 'probe',
    by: 'group probe',
    meaning:
      'The last line: how many members there are, observers not counted, and how many did not answer.',
    fields: ['group', 'members', 'missing'],
  },
  {
    type: 'bench_member',
    by: 'group bench',
    meaning:
      'What one member was given while all senders sent as fast as there was room, and how late (loaded…); and how ' +
      'late messages were that were sent one at a time (alone…).',
    fields: [
      'member',
      'sends',
      'messages',
      'messagesPerSecond',
      'bytesPerSecond',
      'loadedP50Ms',
      'loadedP99Ms',
      'aloneP50Ms',
      'aloneP99Ms',
    ],
  },
  {
    type: 'bench',
    by: 'group bench',
    meaning:
      'The last line: the least throughput of the members, and the longest of their latencies.',
    fields: [
      'group',
      'members',
      'senders',
      'seconds',
      'size',
      'messagesPerSecond',
      'bytesPerSecond',
      'loadedP50Ms',
      'loadedP99Ms',
      'aloneP50Ms',
      'aloneP99Ms',
    ],
  },
];
