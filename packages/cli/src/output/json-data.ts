import { textOf, toBase64 } from '@choir/bytes';

/** A payload in JSON: a string when it is UTF-8, else `{"base64": …}`; as in the protocol. */
export type JsonData = string | { readonly base64: string };

export function jsonData(data: Uint8Array): JsonData {
  return textOf(data) ?? { base64: toBase64(data) };
}
