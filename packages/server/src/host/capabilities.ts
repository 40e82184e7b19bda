/**
 * What a connection may do: verbs in groups, and what each request needs (docs/design/gate.md).
 *
 * Boundary: who was granted what is decided elsewhere, by a token or by the settings. The tables are
 * exhaustive by type: a new request cannot be without an answer here.
 */
import type { FromClient, GroupName, Part, SubmissionBody } from '@choir/protocol';

export const verbs = [
  'join',
  'watch',
  'broadcast',
  'state',
  'checkpoint',
  'lock',
  'break',
  'admin',
] as const;

export type Verb = (typeof verbs)[number];

/** `groups`: the name of a group, the beginning of names and `*`, or `*` alone. */
export type Grant = { readonly groups: string; readonly verbs: readonly Verb[] };

/** What a request needs and is not granted. */
export type Lack = { readonly verb: Verb; readonly group: GroupName };

export class Capabilities {
  readonly #grants: readonly Grant[];

  constructor(grants: readonly Grant[]) {
    this.#grants = grants;
  }

  allows(verb: Verb, group: GroupName): boolean {
    return this.#grants.some((grant) => grant.verbs.includes(verb) && covers(grant.groups, group));
  }
}

export function covers(pattern: string, group: GroupName): boolean {
  return pattern.endsWith('*') ? group.startsWith(pattern.slice(0, -1)) : group === pattern;
}

export const everything = new Capabilities([{ groups: '*', verbs }]);

const reserved: ReadonlySet<Verb> = new Set(['checkpoint', 'break', 'admin']);

/** What a client may do on a server without keys, unless it is an administrator. */
export const usual = new Capabilities([
  { groups: '*', verbs: verbs.filter((verb) => !reserved.has(verb)) },
]);

/** Null: what gives something up. */
const neededForBody: {
  readonly [K in Exclude<SubmissionBody['kind'], 'message'>]: Verb | null;
} = {
  lock_request: 'lock',
  lock_release: null,
  lock_cancel: null,
  lock_break: 'break',
  leave: null,
  rename: 'join',
  properties: 'state',
  create: 'state',
  delete: 'admin',
};

const neededForPart: { readonly [K in Part['kind']]: Verb } = {
  bcast: 'broadcast',
  obj_state: 'state',
  group_state: 'checkpoint',
};

/** The first thing that a request needs and that is not granted; null when there is none. */
export function lackOf(request: FromClient, granted: Capabilities): Lack | null {
  const lack = (verb: Verb | null, group: GroupName): Lack | null =>
    verb === null || granted.allows(verb, group) ? null : { verb, group };
  switch (request.kind) {
    case 'submit': {
      const { group, body } = request;
      if (body.kind !== 'message') return lack(neededForBody[body.kind], group);
      return first(body.parts, (part) => lack(neededForPart[part.kind], part.group));
    }
    case 'join':
      return first(request.groups, ({ group }) => lack('join', group));
    case 'watch':
    case 'read_state':
      return lack('watch', request.group);
    case 'volatile':
      return lack('broadcast', request.group);
    case 'hello':
    case 'credentials':
    case 'unwatch':
    case 'status':
    case 'ping':
    case 'bye':
      return null;
    default:
      return request satisfies never;
  }
}

function first<T>(items: readonly T[], lack: (item: T) => Lack | null): Lack | null {
  for (const item of items) {
    const found = lack(item);
    if (found !== null) return found;
  }
  return null;
}
