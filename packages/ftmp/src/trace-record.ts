/**
 * What a processor tells of itself, as flat records: one for each thing that a judge or a reader of a recording asks about.
 * The simulator's trace and the recordings of real processes are made here alike (docs/design/ftmp.md, "Recordings").
 */
import { placeText } from './connection/place.ts';
import { type GroupId, type ProcessorId, processorText, viewText } from './ids.ts';
import type { Effect, EffectOf, View } from './stack/effects.ts';
import type { ProtocolEvent } from './trace.ts';
import { connectionText, type MessageTypeName } from './wire/index.ts';

/** The message types by their names in the paper, where it has them. */
export const typeNames = {
  regular: 'Regular',
  retransmitRequest: 'RetransmitRequest',
  heartbeat: 'Heartbeat',
  connectRequest: 'ConnectRequest',
  connect: 'Connect',
  addProcessor: 'AddProcessor',
  removeProcessor: 'RemoveProcessor',
  suspect: 'Suspect',
  membership: 'Membership',
  join: 'Join',
  refuse: 'Refuse',
  announce: 'Announce',
  slice: 'Slice',
} as const satisfies Readonly<Record<MessageTypeName, string>>;

/** Processors are named as by `processorText`, views as by `viewText`. */
export type TraceRecord = { readonly group: GroupId } & (
  | {
      readonly kind: 'transmitted';
      readonly type: (typeof typeNames)[MessageTypeName];
      readonly bytes: number;
      readonly retransmission: boolean;
    }
  | { readonly kind: 'acked'; readonly ack: number }
  | {
      readonly kind: 'stored';
      readonly source: string;
      readonly seq: number;
      readonly timestamp: number;
    }
  | { readonly kind: 'released'; readonly source: string; readonly seq: number }
  | { readonly kind: 'suspected' | 'convicted'; readonly who: string }
  | { readonly kind: 'proposed'; readonly round: number; readonly members: readonly string[] }
  | {
      readonly kind: 'accepted' | 'decided';
      readonly configuration: string;
      readonly round: number;
      /** The view that it makes, its members, and the last message of each source before it. */
      readonly view: string;
      readonly members: readonly string[];
      readonly cut: readonly string[];
    }
  | {
      readonly kind: 'view';
      readonly view: string;
      readonly members: readonly string[];
      readonly primary: boolean;
      readonly transitional: readonly string[];
      readonly cause: View['cause'];
    }
  | ({
      readonly kind: 'delivered';
      readonly sender: string;
      readonly delivery: 'agreed' | 'safe';
      readonly timestamp: number;
      readonly transitional: boolean;
    } & MessageName)
  | { readonly kind: 'excluded' | 'left' | 'blocked' | 'unblocked' }
  | { readonly kind: 'barred'; readonly barrier: number }
  | { readonly kind: 'heard'; readonly source: string; readonly timestamp: number }
  | {
      readonly kind: 'request';
      readonly connection: string;
      readonly direction: 'request' | 'reply';
      readonly number: number;
      readonly processed: boolean;
      readonly address: string;
      readonly timestamp: number;
    }
  | {
      readonly kind: 'connection';
      readonly connection: string;
      readonly client: string;
      readonly server: string;
      readonly state: EffectOf<'connection'>['state'];
      readonly address: string;
      readonly barrier: number;
      readonly source: string;
    }
);

/** What a message is called in a trace, and a fingerprint of its bytes. */
export type MessageName = { readonly message: string; readonly data: string };

export class TraceRecords {
  readonly #name: (sender: ProcessorId, bytes: Uint8Array) => MessageName;
  readonly #acked = new Map<GroupId, number>();

  constructor(name: (sender: ProcessorId, bytes: Uint8Array) => MessageName) {
    this.#name = name;
  }

  /** The records of an event, in order; none for what nobody asks about. */
  of(event: ProtocolEvent): readonly TraceRecord[] {
    const { group } = event;
    switch (event.kind) {
      case 'sent':
      case 'retransmitted':
        return this.#transmitted(event);
      case 'stored': {
        const { kind, source, sequence: seq, timestamp } = event;
        return [{ kind, group, source: processorText(source), seq, timestamp }];
      }
      case 'released':
        return [
          { kind: 'released', group, source: processorText(event.source), seq: event.sequence },
        ];
      case 'suspected':
      case 'convicted':
        return [{ kind: event.kind, group, who: processorText(event.who) }];
      case 'proposed': {
        const { kind, round, members } = event;
        return [{ kind, group, round, members: members.map(processorText) }];
      }
      case 'accepted':
      case 'decided':
        return [agreedRecord(event)];
      case 'effect':
        return this.#effect(event.effect);
      case 'barred':
        return [{ kind: 'barred', group, barrier: event.barrier }];
      case 'heard': {
        const { kind, source, timestamp } = event;
        return [{ kind, group, source: processorText(source), timestamp }];
      }
      case 'request':
        return [requestRecord(event)];
      default:
        return [];
    }
  }

  #transmitted(
    event: Extract<ProtocolEvent, { readonly kind: 'sent' | 'retransmitted' }>,
  ): readonly TraceRecord[] {
    const { group, type, bytes, ack } = event;
    const retransmission = event.kind === 'retransmitted';
    const one: TraceRecord = {
      kind: 'transmitted',
      group,
      type: typeNames[type],
      bytes,
      retransmission,
    };
    if (retransmission || ack <= (this.#acked.get(group) ?? 0)) return [one];
    this.#acked.set(group, ack);
    return [one, { kind: 'acked', group, ack }];
  }

  #effect(effect: Effect): readonly TraceRecord[] {
    const { group } = effect;
    switch (effect.kind) {
      case 'view':
        return [viewRecord(group, effect.view)];
      // A message came in its place, whether or not the application is given it.
      case 'suppressed':
      case 'deliver':
        return [this.#delivered(effect)];
      case 'connection':
        return [connectionRecord(effect)];
      case 'excluded':
      case 'left':
        return [{ kind: effect.kind, group }];
      case 'primary':
        return [{ kind: effect.primary ? 'unblocked' : 'blocked', group }];
      default:
        return [];
    }
  }

  #delivered(effect: EffectOf<'deliver'> | EffectOf<'suppressed'>): TraceRecord {
    const { group, sender, timestamp, safe, bytes, transitional } = effect;
    const { message, data } = this.#name(sender, bytes);
    return {
      kind: 'delivered',
      group,
      message,
      sender: processorText(sender),
      delivery: safe ? 'safe' : 'agreed',
      data,
      timestamp,
      transitional,
    };
  }
}

function viewRecord(group: GroupId, { id, members, cause, transitional }: View): TraceRecord {
  return {
    kind: 'view',
    group,
    view: viewText(id),
    members: members.map(processorText),
    primary: true,
    transitional: transitional.map(processorText),
    cause,
  };
}

function agreedRecord(
  event: Extract<ProtocolEvent, { readonly kind: 'accepted' | 'decided' }>,
): TraceRecord {
  const { kind, group, configuration, acceptance } = event;
  const { round, successor } = acceptance;
  const [first] = successor.members;
  return {
    kind,
    group,
    configuration: viewText(configuration),
    round,
    view: first === undefined ? '' : viewText({ timestamp: successor.timestamp, processor: first }),
    members: successor.members.map(processorText),
    cut: successor.cut.map(({ source, sequence }) => `${processorText(source)}:${sequence}`),
  };
}

function requestRecord(event: Extract<ProtocolEvent, { readonly kind: 'request' }>): TraceRecord {
  const { kind, group, request, place, timestamp, processed } = event;
  const { connection, number, reply } = request;
  return {
    kind,
    group,
    connection: connectionText(connection),
    direction: reply === true ? 'reply' : 'request',
    number,
    processed,
    address: placeText(place),
    timestamp,
  };
}

function connectionRecord(effect: EffectOf<'connection'>): TraceRecord {
  const { kind, group, connection, state, carrier, address, barrier, source } = effect;
  const [client = '', server = ''] = connectionText(connection).split('>');
  return {
    kind,
    group,
    connection: connectionText(connection),
    client,
    server,
    state,
    address: placeText({ group: carrier, address }),
    barrier,
    source: processorText(source),
  };
}
