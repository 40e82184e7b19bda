/** The name of a logical connection (paper 4; W11). */
import type { FieldReader, FieldWriter } from './fields.ts';

/** An object group within a fault tolerance domain; both numbers have 32 bits. */
export type ObjectGroup = { readonly domain: number; readonly group: number };

export type ConnectionId = { readonly client: ObjectGroup; readonly server: ObjectGroup };

export const connectionIdBytes = 16;

export function readConnectionId(fields: FieldReader): ConnectionId {
  return {
    client: { domain: fields.u32(), group: fields.u32() },
    server: { domain: fields.u32(), group: fields.u32() },
  };
}

export function writeConnectionId(fields: FieldWriter, { client, server }: ConnectionId): void {
  for (const { domain, group } of [client, server]) {
    fields.u32(domain);
    fields.u32(group);
  }
}

/** `1:7>1:9`: client domain and group, server domain and group. */
export function connectionText({ client, server }: ConnectionId): string {
  return `${client.domain}:${client.group}>${server.domain}:${server.group}`;
}
