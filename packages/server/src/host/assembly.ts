/** The parts of a host, put together. */
import type { JournalOpened } from '@choir/journal';
import { type Incarnation, LocalOrdering } from '@choir/ordering';
import type { Position } from '@choir/protocol';
import { Applier } from './applier.ts';
import { Connections } from './connections.ts';
import { Feed } from './feed.ts';
import type { Cryptography } from './hello.ts';
import { Intake, type StatusOf } from './intake.ts';
import { JournalLink } from './journal-link.ts';
import { beginning, restore } from './restoring.ts';
import { Retention } from './retention.ts';
import { RowReader } from './row-reader.ts';
import { RowStore } from './row-store.ts';
import { Sessions } from './sessions.ts';
import { defaultSettings, type HostSettings } from './settings.ts';
import { Snapshots } from './snapshots.ts';
import { Streams } from './streams.ts';
import { Submitter } from './submitter.ts';
import { Tally } from './tally.ts';
import { Timers } from './timers.ts';
import { WaitingRoom } from './waiting-room.ts';

export type HostOptions = Cryptography & {
  readonly opened: JournalOpened;
  /** This life of this node; no earlier one had the same. */
  readonly incarnation: Incarnation;
  readonly settings?: Partial<HostSettings>;
};

export type HostParts = {
  readonly settings: HostSettings;
  readonly ordering: LocalOrdering;
  readonly log: { head: Position };
  readonly service: Applied['service'];
  readonly streams: Streams;
  readonly rows: RowStore;
  readonly link: JournalLink;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly submitter: Submitter;
  readonly timers: Timers;
  readonly snapshots: Snapshots;
  readonly applier: Applier;
  readonly waitingRoom: WaitingRoom;
  readonly feed: Feed;
  readonly retention: Retention;
  readonly tally: Tally;
  /** Why the host cannot begin at all; null when it can. */
  readonly problem: string | null;
};

type Applied = ReturnType<typeof beginning>;

export function assemble(options: HostOptions, statusOf: StatusOf): HostParts {
  const { opened, incarnation: me } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const ordering = new LocalOrdering({ opened, me });
  const restored = restore(ordering.snapshot());
  const { service, epochs, unforgotten, head, snapshotBytes } = restored ?? beginning();
  const log = { head };
  const streams = new Streams(settings);
  streams.forget(unforgotten);
  const reader = new RowReader(settings.readsMax);
  const tally = new Tally();
  const context = { service, streams, reader, settings, tally, log };
  const rows = new RowStore(settings, streams, opened.applied);
  const link = new JournalLink({ ordering, rows, reader });
  const connections = new Connections(settings, tally);
  const sessions = new Sessions(streams);
  const submitter = new Submitter(ordering);
  const timers = new Timers();
  const applier = new Applier({ me, context, sessions, submitter, rows, timers, epochs });
  const intake = new Intake({ context, submitter, epochs, cryptography: options, statusOf });
  const isReady = (): boolean => applier.ready;
  const waitingRoom = new WaitingRoom({ intake, submitter, settings, isReady });
  const snapshots = new Snapshots({ ordering, rows, context, epochs }, snapshotBytes);
  const feed = new Feed(context);
  const retention = new Retention({ service, submitter, settings });
  const problem =
    restored === null ? 'The snapshot is not of a version that this server knows.' : null;
  return {
    settings,
    ordering,
    log,
    service,
    streams,
    rows,
    link,
    connections,
    sessions,
    submitter,
    timers,
    snapshots,
    applier,
    waitingRoom,
    feed,
    retention,
    tally,
    problem,
  };
}
