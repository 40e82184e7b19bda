/** Names and messages of tests, parsed or refused at once. */
import {
  type ClientId,
  decodeFrame,
  type FromServer,
  fromServer,
  type GroupName,
  limits,
  type ObjectId,
  parseClientId,
  parseGroupName,
  parseObjectId,
} from '@choir/protocol';

export function clientIdOf(text: string): ClientId {
  return given(parseClientId(text), text);
}

export function nameOf(text: string): GroupName {
  return given(parseGroupName(text), text);
}

export function objectOf(text: string): ObjectId {
  return given(parseObjectId(text), text);
}

/** The messages of a frame, which must be one that clients take. */
export function decode(bytes: Uint8Array): readonly FromServer[] {
  const decoded = decodeFrame(fromServer, bytes, limits.frameBytes);
  if (!decoded.ok) throw new Error(decoded.refusal.message);
  return decoded.messages;
}

function given<T>(parsed: T | null, text: string): T {
  if (parsed === null) throw new Error(`"${text}" is no name`);
  return parsed;
}
