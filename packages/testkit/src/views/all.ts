/** All checkers of process groups but L9, which the judge asks for figures. A new set for each trace. */
import { AckHonesty } from './ack-honesty.ts';
import type { Bounds } from './bounds.ts';
import { BufferRelease } from './buffer-release.ts';
import { Buffers } from './buffers.ts';
import { Causal, ReliableCausal } from './causal.ts';
import type { ViewsChecker } from './checker.ts';
import { ConfigurationEnds } from './configuration-ends.ts';
import { ConnectBarrier } from './connect-barrier.ts';
import { Connections } from './connections.ts';
import { DeliveryIntegrity, NoDuplication, SameViewDelivery } from './deliveries.ts';
import { FalseExclusions } from './false-exclusions.ts';
import { Fifo, ReliableFifo } from './fifo.ts';
import { Incarnations } from './incarnations.ts';
import { Minorities } from './minorities.ts';
import { ExcludedPrefix, ReliableTotalOrder } from './prefixes.ts';
import { PrimaryChain } from './primary-chain.ts';
import { Retransmissions } from './retransmissions.ts';
import { SafeDelivery } from './safe-delivery.ts';
import { SelfDelivery } from './self-delivery.ts';
import {
  MembershipPrecision,
  MulticastLiveness,
  NothingPending,
  Return,
  SafeLiveness,
} from './settled.ts';
import { StrongTotalOrder } from './strong-total-order.ts';
import { TimestampOrder } from './timestamp-order.ts';
import { TransitionalSets } from './transitional-sets.ts';
import { ViewPositions, VirtualSynchrony, WeakTotalOrder } from './transitions.ts';
import { InitialView, LocalMonotonicity, SelfInclusion, ViewIdentity } from './view-events.ts';
import { VoluntaryChanges } from './voluntary-changes.ts';

export function allViewsCheckers(bounds: Bounds): readonly ViewsChecker[] {
  return [
    new SelfInclusion(),
    new LocalMonotonicity(),
    new InitialView(),
    new ViewIdentity(),
    new PrimaryChain(),
    new DeliveryIntegrity(),
    new NoDuplication(),
    new SameViewDelivery(),
    new VirtualSynchrony(),
    new TransitionalSets(),
    new Fifo(),
    new ReliableFifo(),
    new Causal(),
    new ReliableCausal(),
    new StrongTotalOrder(),
    new WeakTotalOrder(),
    new ReliableTotalOrder(),
    new TimestampOrder(),
    new SafeDelivery(),
    new AckHonesty(),
    new BufferRelease(),
    new SelfDelivery(),
    new ViewPositions(),
    new VoluntaryChanges(),
    new ExcludedPrefix(),
    new Connections(),
    new ConnectBarrier(),
    new Incarnations(),
    new ConfigurationEnds(),
    new Minorities(),
    new MembershipPrecision(),
    new MulticastLiveness(),
    new NothingPending(),
    new SafeLiveness(),
    new FalseExclusions(bounds.calm ?? false),
    new Buffers(bounds),
    new Retransmissions(bounds.retransmissionsPerLossMax ?? null, bounds.retransmissionsFree ?? 50),
    new Return(bounds.returnMsMax ?? null),
  ];
}
