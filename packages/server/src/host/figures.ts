/** What a host has at this moment and did so far, for those who watch it. */
import type { Position } from '@choir/protocol';
import type { HostParts } from './assembly.ts';
import type { Tally } from './tally.ts';

export type Figures = {
  readonly connections: number;
  /** Connections with an attached client. */
  readonly sessions: number;
  /** Sessions that something waits for because the client does not read as fast as it comes. */
  readonly slowReaders: number;
  /** Sessions that were not sent everything yet, whatever they wait for. */
  readonly behind: number;
  readonly groups: number;
  readonly clients: number;
  readonly head: Position;
  /** Bytes kept in memory for readers. */
  readonly tailBytes: number;
  readonly contentBytes: number;
  readonly tally: Tally;
};

export function figuresOf({ connections, service, streams, log, tally }: HostParts): Figures {
  let sessions = 0;
  let slowReaders = 0;
  let behind = 0;
  for (const { session } of connections.all()) {
    if (session === null) continue;
    sessions += 1;
    if (session.waitsForReader) slowReaders += 1;
    if (session.waits) behind += 1;
  }
  const { tails, contents } = streams.bytes;
  return {
    connections: connections.count,
    sessions,
    slowReaders,
    behind,
    ...service.counts(),
    head: log.head,
    tailBytes: tails,
    contentBytes: contents,
    tally,
  };
}
