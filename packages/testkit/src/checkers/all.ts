/** All checkers, in the order of the properties. A new set for each trace. */
import { Absence, AbsenceOverRestart } from './absence.ts';
import { Access } from './access.ts';
import { AckedKept } from './acked-kept.ts';
import { AllOrNothing } from './all-or-nothing.ts';
import type { Checker } from './checker.ts';
import { ClientIds } from './client-ids.ts';
import { Compaction } from './compaction.ts';
import { ConflictRule } from './conflict-rule.ts';
import { ConflictVerdicts } from './conflict-verdicts.ts';
import { DeliveryOrder } from './delivery-order.ts';
import { DiskError } from './disk-error.ts';
import { ExactlyOnce } from './exactly-once.ts';
import { Grace, GraceOfPresent, GraceOverRestart } from './grace.ts';
import { JoinAtomicity } from './join-atomicity.ts';
import { LinearizableLocks } from './linearizable-locks.ts';
import { LockTables } from './lock-tables.ts';
import { LogTail } from './log-tail.ts';
import { LoggedBeforeDelivered } from './logged-before-delivered.ts';
import { MembershipEdges } from './membership-edges.ts';
import { MutualExclusion } from './mutual-exclusion.ts';
import { PositionsUnique } from './positions-unique.ts';
import { ProtocolKept } from './protocol-kept.ts';
import { ReceiveOrder } from './receive-order.ts';
import { RejoinExactness, StatelessGroups } from './rejoin-exactness.ts';
import { SettledCopies } from './settled-copies.ts';
import { SettledViews } from './settled-views.ts';
import { StateTransfer } from './state-transfer.ts';
import { TimeOrder } from './time-order.ts';
import { StaleHolder, WriteFencing } from './write-fencing.ts';

export function allCheckers(): readonly Checker[] {
  return [
    new LoggedBeforeDelivered(),
    new PositionsUnique(),
    new ReceiveOrder(),
    new AckedKept(),
    new DeliveryOrder(),
    new StateTransfer(),
    new Compaction(),
    new JoinAtomicity(),
    new StatelessGroups(),
    new RejoinExactness(),
    new ExactlyOnce(),
    new ConflictRule(),
    new ConflictVerdicts(),
    new SettledCopies(),
    new LogTail(),
    new DiskError(),
    new Access(),
    new MutualExclusion(),
    new AllOrNothing(),
    new WriteFencing(),
    new Grace(),
    new GraceOverRestart(),
    new LockTables(),
    new GraceOfPresent(),
    new StaleHolder(),
    new LinearizableLocks(),
    new MembershipEdges(),
    new Absence(),
    new ClientIds(),
    new AbsenceOverRestart(),
    new SettledViews(),
    new TimeOrder(),
    new ProtocolKept(),
  ];
}
