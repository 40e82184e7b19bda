/** Messages of a client, made from plain strings. */
import {
  type FromClient,
  type GroupName,
  type JoinTarget,
  localId,
  lockSetId,
  type Part,
  type Position,
  parseClientId,
  parseGroupName,
  parseObjectId,
  type SubmissionBody,
  type UpdateKind,
} from '@choir/protocol';

export type Body<K extends SubmissionBody['kind']> = Extract<SubmissionBody, { kind: K }>;

export function groupNamed(name: string): GroupName {
  return parseGroupName(name) ?? bad(name);
}

export function objectNamed(id: string) {
  return parseObjectId(id) ?? bad(id);
}

export function clientNamed(id: string) {
  return parseClientId(id) ?? bad(id);
}

function bad(name: string): never {
  throw new Error(`${name} is no name`);
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

export type HelloOptions = {
  readonly clientId?: string;
  readonly secret: Uint8Array;
  readonly version?: number;
};

export function hello({ clientId, secret, version = 1 }: HelloOptions): FromClient {
  const id = clientId === undefined ? {} : { clientId: clientNamed(clientId) };
  return { kind: 'hello', version, ...id, secret, agent: 'choir-conformance' };
}

export type From = { readonly created: number; readonly after: Position };

export function joinTarget(group: string, name: string, from?: From): JoinTarget {
  const where = from ?? { created: 0 };
  return { group: groupNamed(group), name, ...where };
}

export function bcast(group: string, data: string, exclusive = false): Part {
  return { kind: 'bcast', group: groupNamed(group), exclusive, data: bytes(data) };
}

export type Write = {
  readonly update?: UpdateKind;
  readonly base: number;
  readonly fence?: number;
};

/** `base`: what its writer has seen of the group (M8). */
export function write(group: string, object: string, data: string, options: Write): Part {
  const { update = 'NEW', base, fence = 0 } = options;
  const where = { group: groupNamed(group), object: objectNamed(object) };
  return { kind: 'obj_state', ...where, update, base, fence, data: bytes(data) };
}

export function message(...parts: readonly Part[]): Body<'message'> {
  return { kind: 'message', parts };
}

export function lockRequest(
  objects: readonly string[],
  { wait = false, graceMs = 0 } = {},
): Body<'lock_request'> {
  return { kind: 'lock_request', objects: objects.map(objectNamed), wait, graceMs };
}

export function lockRelease(lockSet: number): Body<'lock_release'> {
  return { kind: 'lock_release', lockSet: lockSetId(lockSet), objects: [] };
}

export function submit(
  group: string,
  own: number,
  previous: number,
  body: SubmissionBody,
): FromClient {
  return { kind: 'submit', group: groupNamed(group), localId: localId(own), previous, body };
}
