/** What must be so in the end, worked out from what the naive server holds. */
import type { GroupName, LocalId, SubmissionBody } from '@choir/protocol';
import { expect } from 'vitest';
import type { Actor } from './actor.ts';
import type { ModelServer } from './model-server.ts';

export type Outcome = { readonly server: ModelServer; readonly actors: readonly Actor[] };

/** Positions at which the submission has effects in the log. */
function effectsOf(server: ModelServer, actor: Actor, id: LocalId): readonly number[] {
  const found = new Set<number>();
  for (const { seq, events } of server.entries) {
    for (const event of events) {
      if (!('localId' in event) || event.localId !== id) continue;
      const sender = 'senderId' in event ? event.senderId : event.clientId;
      const by = event.kind === 'lock_released' ? event.by : sender;
      if (by === actor.id) found.add(seq);
    }
  }
  return [...found];
}

/** E1, C11: everything handed over has one end, and took effect once or never, as was told. */
export function judgeEnds({ server, actors }: Outcome): void {
  for (const actor of actors) {
    for (const [id, fate] of actor.fates) {
      const effects = effectsOf(server, actor, id);
      const outcome = server.outcomeOf(actor.id, id);
      if (fate === 'settled') expect([id, outcome?.kind]).not.toEqual([id, undefined]);
      else expect([actor.id, id, fate, effects]).toEqual([actor.id, id, fate, []]);
      if (fate === 'settled' && effects.length > 1) expect([actor.id, id, effects]).toBeNull();
      expect([actor.id, id, fate]).not.toEqual([actor.id, id, 'pending']);
    }
  }
}

/** E3, C10: from each state on, exactly what the log holds, without own exclusive messages. */
export function judgeDeliveries({ server, actors }: Outcome): void {
  for (const actor of actors) {
    for (const [name, runs] of actor.runs) {
      for (const { from, until, positions } of runs) {
        const expected = server.entries
          .filter(({ seq, group: where }) => where === name && seq > from && seq <= until)
          .filter(({ events }) =>
            events.some((e) => e.kind !== 'bcast' || !e.exclusive || e.senderId !== actor.id),
          )
          .map(({ seq }) => seq);
        expect([actor.id, name, positions]).toEqual([actor.id, name, expected]);
      }
    }
  }
}

/** E4, C13: the copies are what the server holds, and the locks are known rightly. */
export function judgeCopies({ server, actors }: Outcome): void {
  for (const actor of actors) {
    for (const followed of actor.session.groups) {
      const truth = server.groups.get(followed.name);
      const copy = followed.copy;
      expect(followed.phase).toBe('live');
      const content = [...(truth?.objects ?? [])].map(([id, updates]) => [
        id,
        updates.map(({ at, update }) => [at, update]),
      ]);
      const copied = [...(copy?.objects.all ?? [])].map(([id, updates]) => [
        id,
        updates.map(({ at, update }) => [at, update]),
      ]);
      expect(new Map(copied as never)).toEqual(new Map(content as never));
      expect(new Set(copy?.members.keys())).toEqual(new Set(truth?.members.keys()));
      expect(new Set(copy?.locks.keys())).toEqual(new Set(truth?.locks.keys()));
      const held = [...(truth?.locks ?? [])].filter(([, { holder }]) => holder === actor.id);
      const known = followed.locks.all.filter(({ state }) => state === 'held');
      expect(new Set(known.map(({ lockSet }) => lockSet))).toEqual(new Set(held.map(([id]) => id)));
      const waits = truth?.queue.filter((request) => request.client === actor.id) ?? [];
      const waiting = followed.locks.all.filter(({ state }) => state === 'waiting');
      expect(new Set(waiting.map(({ request }) => request))).toEqual(
        new Set(waits.map(({ localId }) => localId)),
      );
    }
  }
}

/** Writes of a submission in the group of its chain. */
function writes(body: SubmissionBody | undefined, group: GroupName) {
  if (body?.kind !== 'message') return [];
  return body.parts.filter((part) => part.kind === 'obj_state' && part.group === group);
}

/** C12, no false reset: a conflict is a lock that somebody else changed after the write’s base. */
export function judgeConflicts({ server, actors }: Outcome): void {
  for (const { id, withdrawn } of actors) {
    for (const { why, group, body, localId } of withdrawn) {
      if (why !== 'conflict') continue;
      const real = writes(body, group).some(
        (part) =>
          part.kind === 'obj_state' && server.changedByOther(group, part.object, id) > part.base,
      );
      expect([id, localId, real]).toEqual([id, localId, true]);
    }
  }
}

/**
 * C12, no missed conflict: where the server finds one, it is because of a change that the client had
 * not missed and then received in a resume block, with the write pending.
 */
export function judgeMissedConflicts({ server, actors }: Outcome): void {
  for (const actor of actors) {
    for (const { localId, group, code, at, turn } of actor.refusals) {
      if (code !== 'CONFLICT' || at === null) continue;
      const written = actor.written.get(localId) ?? 0;
      const parts = writes(server.bodyOf(actor.id, localId), group);
      for (const part of parts) {
        if (part.kind !== 'obj_state') continue;
        const { object, base } = part;
        const missed = actor.messages.filter(
          (message) =>
            message.missed &&
            message.group === group &&
            message.turn > written &&
            message.turn < turn &&
            message.at.seq > base &&
            message.at.seq < at.seq &&
            server.isChangeByOther(message.at.seq, { group, object, client: actor.id }),
        );
        // A transfer leaves the verdict to the server, and so do a block that never ended and one
        // before which the server had decided.
        const known = missed.filter((message) => {
          const ended = actor.blocks.find((b) => b.group === group && b.turn > message.turn);
          return (
            ended?.kind === 'rejoined' && !ended.gap && ended.turn < turn && ended.at.seq < at.seq
          );
        });
        expect([actor.id, localId, known.map((message) => message.at.seq)]).toEqual([
          actor.id,
          localId,
          [],
        ]);
      }
    }
  }
}
