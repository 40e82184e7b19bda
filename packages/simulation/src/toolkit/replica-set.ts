/** The replicas of a member: the journal, a map, locks and an election, as one state. They outlive an exclusion, and are lost with the process. */
import { utf8Of } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import {
  decodeLockOperation,
  decodeMapOperation,
  ElectionState,
  type Grant,
  type GroupView,
  LockState,
  type MapOperation,
  type MapOutcome,
  MapState,
  Replicas,
} from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import { Journal } from './journal.ts';
import { bodyOf } from './payload.ts';

export const channels = {
  journal: 'journal',
  map: 'map',
  locks: 'locks',
  election: 'election',
} as const;

/** Is told what came of operations, of whatever member. */
export type Listener = {
  readonly mapped: (sender: ProcessorId, operation: MapOperation, outcome: MapOutcome) => void;
  readonly granted: (grants: readonly Grant[]) => void;
};

export class ReplicaSet {
  readonly journal: Journal;
  readonly map = new MapState();
  readonly locks = new LockState();
  readonly election = new ElectionState();
  readonly replicas: Replicas;
  listener: Listener = { mapped: () => {}, granted: () => {} };

  constructor(keptBytes: number) {
    this.journal = new Journal(keptBytes);
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
    });
  }

  /** Of everything that is in it. */
  get digest(): string {
    const { map, locks, election } = this;
    const parts = [map, locks, election].flatMap((state) => [...state.snapshot()].map(fingerprint));
    return fingerprint(utf8Of([this.journal.digest, ...parts].join()) ?? new Uint8Array());
  }
}
