/** The replicas of a member: the journal, a map, locks, an election and logical connections, as one state. They outlive an exclusion, and are lost with the process. */
import { utf8Of } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import {
  type ConnectionEffect,
  ConnectionReplica,
  decodeLockOperation,
  decodeMapOperation,
  ElectionState,
  type Grant,
  type GroupView,
  LockState,
  type MapOperation,
  type MapOutcome,
  MapState,
  type Replica,
  Replicas,
  type Service,
} from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import { Journal } from './journal.ts';
import { bodyOf } from './payload.ts';
import { serviceLimits, type Tally } from './service.ts';

export const channels = {
  journal: 'journal',
  map: 'map',
  locks: 'locks',
  election: 'election',
  service: 'service',
} as const;

/** Is told what came of operations, of whatever member. */
export type Listener = {
  readonly mapped: (sender: ProcessorId, operation: MapOperation, outcome: MapOutcome) => void;
  readonly granted: (grants: readonly Grant[]) => void;
};

/** Is told what came of messages of connections; `from` is null where it came of the first view. */
export type ConnectionListener = {
  /** It is the first view. */
  readonly begun: () => void;
  readonly did: (effect: ConnectionEffect, from: ProcessorId | null) => void;
};

export class ReplicaSet {
  readonly journal: Journal;
  readonly map = new MapState();
  readonly locks = new LockState();
  readonly election = new ElectionState();
  readonly connections: ConnectionReplica;
  /** What this member serves behind its connections; null when it only asks. */
  readonly service: Service | Tally | null;
  readonly replicas: Replicas;
  /** Of the connections; null when they have changed since. */
  #connectionDigest: string | null = null;
  connectionListener: ConnectionListener = { begun: () => {}, did: () => {} };
  listener: Listener = { mapped: () => {}, granted: () => {} };

  constructor(keptBytes: number, service: Service | Tally | null = null) {
    this.journal = new Journal(keptBytes);
    this.service = service;
    this.connections = new ConnectionReplica(service, serviceLimits);
    const { map, locks, election } = this;
    this.replicas = new Replicas({
      [channels.journal]: this.journal,
      [channels.map]: {
        apply: ({ id: sender }, bytes) => {
          const operation = decodeMapOperation(bodyOf(bytes));
          if (operation !== null) this.listener.mapped(sender, operation, map.apply(operation));
        },
        snapshot: () => map.snapshot(),
        restore: (pieces) => map.restore(pieces),
      },
      [channels.locks]: {
        apply: ({ id: sender }, bytes) => {
          const operation = decodeLockOperation(bodyOf(bytes));
          const grants = operation === null ? [] : locks.apply(sender, operation);
          // Nobody here claims as many as that.
          if (grants !== 'full') this.listener.granted(grants);
        },
        view: ({ left, excluded }: GroupView) => {
          this.listener.granted(locks.gone(new Set([...left, ...excluded].map(({ id }) => id))));
        },
        snapshot: () => locks.snapshot(),
        restore: (pieces) => locks.restore(pieces),
      },
      [channels.election]: {
        apply: () => {},
        view: (view) => election.view(view),
        snapshot: () => election.snapshot(),
        restore: (pieces) => election.restore(pieces),
      },
      [channels.service]: this.#connectionReplica(),
    });
  }

  /** Of everything that is in it. */
  get digest(): string {
    const { map, locks, election } = this;
    const parts = [map, locks, election].flatMap((state) => [...state.snapshot()].map(fingerprint));
    this.#connectionDigest ??= digestOf([...this.connections.state.snapshot()].map(fingerprint));
    return digestOf([this.journal.digest, ...parts, this.#connectionDigest]);
  }

  #connectionReplica(): Replica {
    const { connections } = this;
    let isFirst = true;
    const tell = (effects: readonly ConnectionEffect[], from: ProcessorId | null): void => {
      for (const effect of effects) this.connectionListener.did(effect, from);
    };
    return {
      apply: ({ id: sender }, bytes) => {
        this.#connectionDigest = null;
        tell(connections.apply(bodyOf(bytes)), sender);
      },
      view: () => {
        if (isFirst) this.connectionListener.begun();
        isFirst = false;
        tell(connections.view(), null);
      },
      snapshot: () => connections.snapshot(),
      restore: (pieces) => {
        connections.restore(pieces);
        isFirst = true;
        this.#connectionDigest = null;
      },
    };
  }
}

function digestOf(parts: readonly string[]): string {
  return fingerprint(utf8Of(parts.join()) ?? new Uint8Array());
}
