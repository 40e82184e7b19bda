/**
 * The vocabulary of a trace of the toolkit: what its checkers read, and all they read. A record says what one member, or the world, saw or
 * did.
 *
 * A member is one incarnation; its `node` is its processor's id, as `3.1a2b3c4d`, and so are members, senders and owners. A *place* is where
 * an application stands in the order: the number of the view, and how many multicasts it was told in it. `state` is a digest of all of its
 * replicas there. A message is `node/n`: the `n`th that the member handed over.
 */

export type Form = 'multicast' | 'direct' | 'request';

export type Place = { readonly view: number; readonly count: number };

type Standing = Place & { readonly group: number };

type At = Standing & { readonly state: string };

export type Records = {
  /** `observes`: it keeps no state, and its places count from where it came in. */
  started: { readonly processor: number; readonly label: string; readonly observes: boolean };
  /** It ended without a word, or as its application wished. */
  crashed: object;
  stopped: object;
  paused: object;
  resumed: object;
  /** It asked the others to go on without it; they did, or removed it. */
  leaving: { readonly group: number };
  left: { readonly group: number };
  excluded: { readonly group: number };
  /** FTMP gave it a view. */
  installed: {
    readonly group: number;
    readonly ground: string;
    readonly cause: string;
    readonly members: readonly string[];
  };

  /** The application was told. */
  view: At & {
    readonly members: readonly string[];
    /** Of `members`, in the same order. */
    readonly labels: readonly string[];
    readonly holders: readonly string[];
    readonly observers: readonly string[];
    readonly joined: readonly string[];
    readonly returned: readonly string[];
    readonly left: readonly string[];
    readonly excluded: readonly string[];
  };
  /** `message` was handed over, at this place; `to` is empty where it is for all. */
  said: Standing & {
    readonly message: string;
    readonly form: Form;
    readonly channel: string;
    readonly to: readonly string[];
    readonly safe: boolean;
    readonly data: string;
  };
  /**
   * The application was told of it, and stands behind it. `holders`: those whom the member takes to hold the state there; null while it goes
   * through what it kept, which it has gone through further itself.
   */
  told: At & {
    readonly message: string;
    readonly sender: string;
    readonly form: Form;
    readonly channel: string;
    readonly data: string;
    readonly holders: readonly string[] | null;
  };

  /** A request was handed over under this number, in this message. */
  asked: {
    readonly group: number;
    readonly message: string;
    readonly number: number;
    readonly to: readonly string[];
    readonly need: 'first' | 'majority' | 'all';
  };
  /** A member answered, or failed to; `taken`: the core took it as the answer. */
  answered: {
    readonly group: number;
    readonly asker: string;
    readonly number: number;
    readonly how: 'answered' | 'failed';
    readonly data: string;
    readonly taken: boolean;
  };
  gaveup: { readonly group: number; readonly number: number };
  /** A request is over: `node how data` for each member that it was for. */
  replies: {
    readonly group: number;
    readonly number: number;
    readonly replies: readonly string[];
  };

  /** An operation on the map began, or took effect at who began it. A version of 0 is none, and so is the empty value. */
  invoked: {
    readonly group: number;
    readonly call: string;
    readonly operation: 'set' | 'delete' | 'set-if' | 'read';
    readonly key: string;
    readonly value: string;
    readonly version: number;
  };
  /** The message of an operation was handed over. */
  carried: { readonly group: number; readonly call: string; readonly message: string };
  responded: {
    readonly group: number;
    readonly call: string;
    readonly applied: boolean;
    readonly value: string;
    readonly version: number;
  };
  /** What the message does: asks for a lock under a number, or gives up what was asked for under it. */
  claimed: {
    readonly group: number;
    readonly message: string;
    readonly operation: 'acquire' | 'release';
    readonly lock: string;
    readonly number: number;
  };
  granted: Standing & {
    readonly lock: string;
    readonly owner: string;
    readonly number: number;
    readonly fence: number;
  };

  /** Behind a view: who leads, as its replica has it. */
  leads: Standing & { readonly leader: string; readonly term: number };
  /** A call of a connection began: the request of this number is wanted a reply to; it ended, with `data` the reply, if it was replied to. */
  called: {
    readonly group: number;
    readonly call: string;
    readonly connection: string;
    readonly number: number;
  };
  ended: {
    readonly group: number;
    readonly call: string;
    readonly how: 'replied' | 'refused' | 'closed';
    readonly data: string;
  };
  /** What the message does: asks, replies, or closes. `closings`: connections that had been closed when this one was opened, as far as who says it knows. */
  connection: {
    readonly group: number;
    readonly message: string;
    readonly operation: 'request' | 'reply' | 'failure' | 'close';
    readonly connection: string;
    readonly number: number;
    readonly closings: number;
    readonly data: string;
  };
  /**
   * What a member knows of connections when its first view comes, and whether it serves: `connection number` of the last request that was taken,
   * and of each that waits; `connection number data` of each reply.
   */
  connected: Standing & {
    readonly serves: boolean;
    readonly taken: readonly string[];
    readonly waiting: readonly string[];
    readonly replies: readonly string[];
  };
  /** The service was given a request, and made this reply; `total`: of the requests that led to its state, 0 when it has none. */
  served: Standing & {
    readonly connection: string;
    readonly number: number;
    readonly reply: string;
    readonly total: number;
  };
  /** This is the reply, as far as the member knows. */
  replied: Standing & {
    readonly connection: string;
    readonly number: number;
    readonly data: string;
  };

  /** A provider took a snapshot; a joiner took a state, or did not. */
  snapshot: At & { readonly transfer: number };
  restored: At & { readonly taken: boolean };
  /** Of a transfer something went out, as the `underWay`th that has not come back. */
  part: { readonly group: number; readonly bytes: number; readonly underWay: number };
  /** A provider took a marker for these; it heard what one of them has already; a piece went out. */
  marked: { readonly transfer: number; readonly to: readonly string[] };
  had: { readonly transfer: number; readonly joiner: string; readonly digests: readonly string[] };
  piece: { readonly transfer: number; readonly digest: string };
  /** A marker for this joiner came, and then a piece of that transfer. */
  awaits: { readonly provider: string; readonly transfer: number };
  received: { readonly digest: string };
  /** The joiner said what it has already; wanted no more of a provider; said that it holds the state. */
  has: {
    readonly provider: string;
    readonly transfer: number;
    readonly digests: readonly string[];
  };
  declined: { readonly provider: string };
  holds: object;
  refused: { readonly group: number; readonly reason: string };
  'state-lost': { readonly group: number };
  /** A message came that cannot be read; its application stands at this place. */
  unreadable: Standing & { readonly sender: string };
  /** In the end, of whoever runs. */
  copy: At & { readonly holds: boolean };

  // Of the world.
  fault: {
    readonly fault: string;
    readonly hit: string;
    readonly bit: boolean;
    readonly lasts: number | null;
  };
  heal: { readonly fault: string; readonly hit: string };
  phase: { readonly phase: 'work' | 'healing' | 'quiet' };
  /** These processors are alive and connected from here on, and their group can go on. */
  stable: { readonly group: number; readonly processors: readonly string[] };
  /** The operator gave the group up. */
  abandoned: { readonly group: number };
};

export type RecordKind = keyof Records;

export type RecordOf<Kind extends RecordKind> = Kind extends RecordKind
  ? { readonly t: number; readonly node: string; readonly kind: Kind } & Records[Kind]
  : never;

export type ToolkitRecord = RecordOf<RecordKind>;
