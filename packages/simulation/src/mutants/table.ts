/**
 * The mutants: for every property a one-line change of product code that breaks it, which its checker has to
 * find (`npm run mutants`). Never a change of a checker, a model or the simulated world.
 *
 * `find` must stand exactly once in the file: when the product changes, this table changes with it.
 */

import { connectionMutants } from './connections.ts';
import type { Hunt, Mutant } from './mutant.ts';
import { processGroupMutants } from './process-groups.ts';
import { toolkitMutants } from './toolkit.ts';

const groups: Hunt = { kind: 'simulate', suite: 'groups' };

function mutant(
  property: string,
  what: string,
  file: string,
  [find, replace]: readonly [string, string],
  hunt: Hunt = groups,
): Mutant {
  return { property, what, file: `packages/${file}`, find, replace, hunt };
}

const early = [
  "this.#expected.push({ kind: 'commit', entries, snapshot });",
  "this.#expected.push({ kind: 'commit', entries: [], snapshot: null }); this.#committed(entries, snapshot);",
] as const;

export const mutants: readonly Mutant[] = [
  mutant(
    'C1',
    'an entry counts as committed when it is handed to the journal',
    'ordering/src/local/local-ordering.ts',
    early,
  ),
  mutant(
    'C2',
    'a delivery of several events is sent under the position before its own',
    'server/src/host/applier.ts',
    [
      'const delivery = { group, at: this.#at, time: this.#time, events };',
      'const delivery = { group, at: events.length > 1 ? { ...this.#at, seq: this.#at.seq - 1 } : this.#at, time: this.#time, events };',
    ],
  ),
  mutant('C3', 'a message is told as the one after it', 'groups/src/message.ts', [
    'const from = { senderId: client.id, localId };',
    'const from = { senderId: client.id, localId: (localId + 1) as typeof localId };',
  ]),
  mutant(
    'C4',
    'an acknowledgement does not wait for the disk, and the power fails',
    'ordering/src/local/local-ordering.ts',
    early,
  ),
  mutant(
    'C5',
    'the cursor moves on though not all deliveries up to it are known',
    'server/src/host/feed.ts',
    ['session.cursor = bound;', 'session.cursor = target;'],
  ),
  mutant(
    'C5',
    'news of members that waits is not marked, and another feed passes it',
    'server/src/host/calm-news.ts',
    [
      'for (const subscription of stream.subscriptions) subscription.session.note(subscription);',
      '',
    ],
  ),
  mutant('C6', 'an INC replaces its object in the state', 'groups/src/objects.ts', [
    "if (kind === 'NEW' || positions === undefined) {",
    "if (kind === 'NEW' || positions === undefined || positions.length > 2) {",
  ]),
  mutant('C7', 'a NEW does not purge what came before it', 'groups/src/objects.ts', [
    "if (kind === 'NEW' || positions === undefined) {",
    'if (positions === undefined) {',
  ]),
  mutant(
    'C8',
    'a joiner follows the group from one position too late',
    'server/src/host/transfer-block.ts',
    [
      'this.#session.follow(stream, as, plan.asOf.seq);',
      'this.#session.follow(stream, as, plan.asOf.seq + 1);',
    ],
  ),
  mutant('C9', 'stateless groups take state', 'groups/src/message.ts', [
    'if (!group.attributes.stateful) return refuse(',
    'if (group.attributes.absenceMs === 0) return refuse(',
  ]),
  mutant(
    'C10',
    'a rejoin leaves out the first delivery that was missed',
    'server/src/host/resume-block.ts',
    ['after: after.seq,', 'after: after.seq + 1,'],
  ),
  mutant('C10', 'who was away is resumed across a cut of the log', 'groups/src/joins.ts', [
    'after.seq < group.history.floor.seq',
    'after.seq + 1 < group.history.floor.seq',
  ]),
  mutant('C10', 'a snapshot forgets where the log was cut', 'groups/src/history.ts', [
    'history.#floor = floor;',
    'history.#floor = { ...floor, seq: 0 };',
  ]),
  mutant('C11', 'a repetition is decided again', 'groups/src/chain.ts', [
    "if (localId <= this.#mark) return 'duplicate';",
    "if (localId < this.#mark) return 'duplicate'; if (localId === this.#mark) return 'next';",
  ]),
  mutant(
    'C11',
    'the base that a write is given at its block is not stored',
    'client/src/session/rejoin.ts',
    ['this.#outbox.store(pending);', ''],
  ),
  mutant(
    'C11',
    'what took effect is refused when it comes again without the right to it',
    'server/src/host/intake.ts',
    ["if (fit === 'follows') {", "if (lack !== null || fit === 'follows') {"],
  ),
  mutant(
    'C12',
    'the client overlooks locks that others took while it was away',
    'client/src/session/conflict.ts',
    [
      'if (changedBy(event) === me) return;',
      "if (changedBy(event) === me || event.kind === 'lock_granted') return;",
    ],
  ),
  mutant(
    'C12',
    'the server overlooks that a lock changed hands after a write was made',
    'groups/src/message.ts',
    [
      'if (group.lockChanges.byOther(object, client.id) > base) {',
      'if (group.lockChanges.byOther(object, client.id) > base + 20) {',
    ],
  ),
  mutant(
    'C12',
    'the client takes its own locks for those of others',
    'client/src/session/conflict.ts',
    ['if (changedBy(event) === me) return;', 'if (changedBy(event) === null) return;'],
  ),
  mutant(
    'C12',
    'the newest lock change by another is forgotten after two own ones',
    'groups/src/latest-change.ts',
    ['before: latest.before }', 'before: null }'],
  ),
  mutant('C13', 'a client folds an INC before what it follows', 'client/src/session/objects.ts', [
    "if (update === 'INC' && before !== undefined) before.push(kept);",
    "if (update === 'INC' && before !== undefined) before.unshift(kept);",
  ]),
  mutant(
    'C14',
    'the chain over the log is not checked when it is opened',
    'journal/src/sqlite/entry-scan.ts',
    [
      'if (chain !== entryChain(last?.chain ?? CHAIN_START, seq, epoch, bytes)) {',
      'if (chain < 0) {',
    ],
    { kind: 'vitest', path: 'packages/journal/test/damage.test.ts' },
  ),
  mutant('C15', 'a commit that failed is taken for done', 'server/src/host/host.ts', [
    "if (reply.kind === 'failed') this.#fail(reply.failure.message, reply.failure.code);",
    "if (reply.kind === 'failed') this.#parts.link.replied({ kind: 'committed', head: 0 });",
  ]),
  mutant(
    'C15',
    'what was under way when the disk failed is answered as done',
    'journal/src/sqlite/sqlite-journal.ts',
    [
      "for (const reply of open) reply({ kind: 'failed', failure: this.#failure });",
      "for (const reply of open) reply({ kind: 'committed', head: 0 });",
    ],
    { kind: 'vitest', path: 'packages/journal/test/contract.test.ts' },
  ),
  mutant('C16', 'non-members change the state', 'groups/src/message.ts', [
    'if (group === null || !group.members.has(sender.client.id)) {',
    'if (group === null) {',
  ]),
  mutant('K1', 'a lock request overlooks who holds its last object', 'groups/src/locks.ts', [
    'if (set !== null) found.push({ object, clientId: set.holder, waiting: false });',
    'if (set !== null && object !== objects.at(-1)) found.push({ object, clientId: set.holder, waiting: false });',
  ]),
  mutant(
    'K2',
    'a lock request is granted without its third object',
    'groups/src/lock-requests.ts',
    [
      'const objects = [...new Set(body.objects)];',
      'const objects = [...new Set(body.objects)].slice(0, 2);',
    ],
  ),
  mutant('K3', 'writes to what another holds are accepted', 'groups/src/message.ts', [
    'if (set !== null && set.holder !== client.id) {',
    'if (set !== null && set.holder !== client.id && fence !== 0) {',
  ]),
  mutant('K4', 'the grace period is half as long', 'groups/src/locking.ts', [
    "return [{ durationMs, proposal: { kind: 'expire_grace'",
    "return [{ durationMs: durationMs / 2, proposal: { kind: 'expire_grace'",
  ]),
  mutant('K4', 'the grace period never ends', 'groups/src/locking.ts', [
    'if (set.absence === null) return [];',
    'if (set.absence !== 0) return [];',
  ]),
  mutant('K4', 'who leaves keeps its locks', 'groups/src/membership.ts', [
    "releaseSets(step, state, group, group.locks.heldBy(client.id), { cause: 'left', by: client.id });",
    '',
  ]),
  mutant(
    'K5',
    'after a restart grace goes on where it was long over',
    'server/src/host/applier.ts',
    [
      'for (const timer of this.#parts.context.service.pendingTimers()) this.#arm(timer);',
      'for (const timer of this.#parts.context.service.pendingTimers()) this.#arm({ ...timer, durationMs: 1 });',
    ],
  ),
  mutant('K6', 'grace runs out for holders that are back', 'groups/src/expiry.ts', [
    'if (group === undefined || set?.absence !== command.absence) return;',
    'if (group === undefined || set === undefined || set === null) return;',
  ]),
  mutant('K7', 'the fence of a write is not looked at', 'groups/src/message.ts', [
    'if (fence !== 0 && set?.id !== fence) {',
    'if (fence !== 0 && set !== null && set.id !== fence) {',
  ]),
  mutant('K8', 'who waits for an object does not keep its place', 'groups/src/locks.ts', [
    'else if (first) found.push({ object, clientId: first.client, waiting: true });',
    '',
  ]),
  mutant('K8', 'only the first of several waiting requests is granted', 'groups/src/locking.ts', [
    "return [{ durationMs: 0, proposal: { kind: 'grant_next', group: group.id } }];",
    'return [];',
  ]),
  mutant('M1', 'nobody is told that a member is disconnected', 'groups/src/membership.ts', [
    "step.tell(group, { kind: 'disconnected_member', clientId: client.id });",
    '',
  ]),
  mutant('M2', 'a disconnected member is given up in half the time', 'groups/src/membership.ts', [
    'return [{ durationMs: group.attributes.absenceMs, proposal }];',
    'return [{ durationMs: group.attributes.absenceMs / 2, proposal }];',
  ]),
  mutant('M2', 'a disconnected member stays one for ever', 'groups/src/membership.ts', [
    "if (member?.status !== 'disconnected_member') return [];",
    'if (member !== undefined) return [];',
  ]),
  mutant('M3', 'a client id can be had without its secret', 'groups/src/sessions.ts', [
    'if (!equal(known.secretHash, secretHash)) {',
    'if (secretHash.length === 0) {',
  ]),
  mutant('M4', 'sessions survive the node that they went through', 'groups/src/sessions.ts', [
    "if (attachment.kind === 'attached' && gone.includes(attachment.node)) {",
    "if (attachment.kind === 'attached' && !gone.includes(attachment.node)) {",
  ]),
  mutant('M5', 'an observer takes who is back for away', 'client/src/session/copy.ts', [
    "this.#change(event.clientId, { status: 'member' });",
    "this.#change(event.clientId, { status: 'disconnected_member' });",
  ]),
  mutant('M5', 'news of members that waits is never told', 'server/src/host/calm-news.ts', [
    'for (const { session } of subscriptions) session.wake();',
    'for (const { session } of subscriptions) session.ready = false;',
  ]),
  mutant(
    'O3',
    'after a restart time begins where the clock stands',
    'ordering/src/local/local-ordering.ts',
    ['this.#end.notBefore(last.time);', ''],
  ),
  mutant(
    'G1',
    'a snapshot forgets who waits for locks',
    'groups/src/snapshot.ts',
    ['for (const request of read.lockRequests) one.locks.enqueue(request);', ''],
    { kind: 'simulate', suite: 'hostile' },
  ),
  ...processGroupMutants,
  ...connectionMutants,
  ...toolkitMutants,
];
