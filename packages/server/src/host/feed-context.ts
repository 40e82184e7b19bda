/** What everything that feeds sessions works with. */
import type { GroupsService } from '@choir/groups';
import type { Position } from '@choir/protocol';
import type { RowReader } from './row-reader.ts';
import type { HostSettings } from './settings.ts';
import type { Streams } from './streams.ts';
import type { Tally } from './tally.ts';

export type FeedContext = {
  readonly service: GroupsService;
  readonly streams: Streams;
  readonly reader: RowReader;
  readonly settings: HostSettings;
  readonly tally: Tally;
  /** How far entries are applied. */
  readonly log: { readonly head: Position };
};
