/** The mutants of what the toolkit promises (R1–R6, T1–T5, M1–M5, Q1, Q2, B1–B4, O3), in the core of `packages/process-group`; see `table.ts`. */
import type { Hunt, Mutant } from './mutant.ts';

const processGroup: Hunt = { kind: 'simulate', suite: 'process-group' };

function mutant(
  property: string,
  what: string,
  file: string,
  [find, replace]: readonly [string, string],
): Mutant {
  const path = `packages/process-group/src/core/${file}`;
  return { property, what, file: path, find, replace, hunt: processGroup };
}

export const toolkitMutants: readonly Mutant[] = [
  mutant('R1', 'a member does not know that it holds the state itself', 'core.ts', [
    'roll.held(sender);',
    'if (sender !== this.#options.self) roll.held(sender);',
  ]),
  mutant('R2', 'a view that somebody left has the number after the next', 'roll.ts', [
    'this.#number += 1;',
    'this.#number += change.left === undefined ? 1 : 2;',
  ]),
  mutant('R2', 'markers are not safe', 'core.ts', [
    'for (const marker of this.#provision.markers(roll)) this.#say(marker);',
    'for (const marker of this.#provision.markers(roll)) this.#say(marker, false);',
  ]),
  mutant('R3', 'whoever was excluded is said to have left', 'roll.ts', [
    "return this.#next(cause === 'fault' ? { excluded: gone } : { left: gone });",
    "return this.#next(cause !== 'fault' ? { excluded: gone } : { left: gone });",
  ]),
  mutant('R3', 'who joins is not said to', 'roll.ts', [
    'this.#next({ joined, returned })',
    'this.#next({ joined: returned, returned })',
  ]),
  mutant('R4', 'a label is taken when all members have it', 'roll.ts', [
    '.some((one) => one.label === label)',
    '.every((one) => one.label === label)',
  ]),
  mutant('R5', 'labels of the past are forgotten', 'roll.ts', ['this.#remember(label);', '']),
  mutant('R6', 'views between the marker and the state are lost', 'reception.ts', [
    'transfer.kept.push(copied(ordered));',
    "if (ordered.kind !== 'view') transfer.kept.push(copied(ordered));",
  ]),
  mutant('T1', 'what was said between the marker and the state is lost', 'reception.ts', [
    'transfer.kept.push(copied(ordered));',
    "if (ordered.kind === 'view') transfer.kept.push(copied(ordered));",
  ]),
  mutant('T1', 'a restored map has what it had before', 'blocks/map-state.ts', [
    'this.#entries.clear();',
    '',
  ]),
  mutant('T1', 'a restored map counts its operations from the beginning', 'blocks/map-state.ts', [
    'this.#version = reader.natural();',
    'reader.natural();',
  ]),
  mutant('T2', 'all pieces of a state are sent at once', 'provision.ts', [
    'if (this.#underWay >= piecesUnderWayMax) return null;',
    '',
  ]),
  mutant('T3', 'of several who lack the state nobody gets a marker', 'provision.ts', [
    'if (to.length === 0) return [];',
    'if (to.length !== 1) return [];',
  ]),
  mutant('T4', 'the state is lost when somebody lacks it', 'roll-call.ts', [
    'return present.members.every((member) => this.#spoken.has(member));',
    'return present.members.some((member) => this.#spoken.has(member));',
  ]),
  mutant('T4', 'nobody is told that the state is lost', 'roll-call.ts', [
    'return present.members.every((member) => this.#spoken.has(member));',
    'return present.members.length === 0;',
  ]),
  mutant('T5', 'what a joiner says that it has is not heard', 'provision.ts', [
    'this.#transfers.get(transfer)?.has(sender, digestsOf(bytes));',
    '',
  ]),
  mutant('T5', 'a joiner says nothing of what it has', 'reception.ts', [
    'if (digests.length === 0) return nothing;',
    'return nothing;',
  ]),
  mutant('T5', 'a joiner forgets the first piece of a transfer that broke off', 'reception.ts', [
    'this.#former.add(this.#transfer?.pieces ?? []);',
    'this.#former.add(this.#transfer?.pieces.slice(1) ?? []);',
  ]),
  mutant('M1', 'what was kept since the marker is told backwards', 'core.ts', [
    'for (const ordered of [...state.addressed, ...state.kept]) this.#asMember(state.roll, ordered);',
    'for (const ordered of [...state.addressed, ...state.kept.toReversed()]) this.#asMember(state.roll, ordered);',
  ]),
  mutant('M2', 'everybody is told what is for some', 'core.ts', [
    'if (!to.includes(self)) return;',
    '',
  ]),
  mutant('M3', 'a direct message is told as one for all', 'core.ts', [
    "this.#effects.push({ kind: 'message', sender, channel, bytes, direct: true });",
    "this.#effects.push({ kind: 'message', sender, channel, bytes, direct: to.length < 2 });",
  ]),
  mutant('M4', 'what cannot be read is told of by its sender alone', 'core.ts', [
    "if (this.#roll !== null) this.#effects.push({ kind: 'unreadable', sender, failure });",
    "if (sender === this.#options.self) this.#effects.push({ kind: 'unreadable', sender, failure });",
  ]),
  mutant('M5', 'a safe message lets the one behind it pass', 'core.ts', [
    'const first = this.#outgoing.shift();',
    'const first = this.#outgoing.shift();\n    if (first?.safe === true && this.#outgoing.length > 0) {\n      this.#outgoing.push(first);\n      return this.next();\n    }',
  ]),
  mutant('Q1', 'an answer counts for whoever has asked under its number', 'dialogue.ts', [
    'if (message.to !== this.#self) return;',
    '',
  ]),
  mutant('Q1', 'a request can be answered again', 'duties.ts', [
    'if (this.#open.get(asker)?.delete(number) !== true) return false;',
    'if (this.#open.get(asker)?.has(number) !== true) return false;',
  ]),
  mutant('Q2', 'half of those asked are a majority', 'questions.ts', [
    'return asked === 0 ? 0 : Math.floor(asked / 2) + 1;',
    'return Math.ceil(asked / 2);',
  ]),
  mutant('Q2', 'a request waits for those who are gone', 'questions.ts', [
    'return enough || replies.size === asked.length ? [this.#end(number, question)] : [];',
    'return enough ? [this.#end(number, question)] : [];',
  ]),
  mutant('B1', 'operations on the map are not safe', 'blocks/map-state.ts', [
    'readonly safe = true;',
    'readonly safe = false;',
  ]),
  mutant('B1', 'an entry is set though it has been since', 'blocks/map-state.ts', [
    'if ((before?.version ?? 0) !== operation.version)',
    'if ((before?.version ?? 0) < operation.version)',
  ]),
  mutant('B2', 'operations on locks are not safe', 'blocks/lock-state.ts', [
    'readonly safe = true;',
    'readonly safe = false;',
  ]),
  mutant('B2', 'whoever asks last is served first', 'blocks/lock-state.ts', [
    'const next = [...claims, { owner, number }];',
    'const next = [...claims.slice(0, 1), { owner, number }, ...claims.slice(1)];',
  ]),
  mutant('B3', 'the last member leads when nobody does', 'blocks/election-state.ts', [
    'const [first] = [...holders, ...members.filter(({ id }) => !isObserver(id))];',
    'const first = [...holders, ...members.filter(({ id }) => !isObserver(id))].at(-1);',
  ]),
  mutant('B3', 'who holds the state gives way', 'blocks/election-state.ts', [
    'if (this.#reign !== null && isIn(this.#reign.leader)) return;',
    '',
  ]),
  mutant('O3', 'observers hold the state when they are in', 'roll.ts', [
    'return !observes && lacks === null;',
    'return lacks === null;',
  ]),
  mutant('O3', 'observers are given the state', 'provision.ts', [
    'const isForRoll = served.every((id) => roll.observes(id));',
    'const isForRoll = false;',
  ]),
  mutant('T4', 'observers do not say that they lack the state', 'core.ts', [
    'if (this.#options.observes && roll.holders.length === 0) this.#sayHello(view);',
    '',
  ]),
  mutant('B2', 'who is gone keeps its locks', 'blocks/lock-state.ts', [
    '({ owner }) => !owners.has(owner)',
    '() => true',
  ]),
  mutant('B4', 'requests and replies are not safe', 'blocks/connection-replica.ts', [
    'readonly safe = true;',
    'readonly safe = false;',
  ]),
  mutant('B4', 'the last request can be taken again', 'blocks/connection-state.ts', [
    "if (number <= taken) return 'duplicate';",
    "if (number < taken) return 'duplicate';",
  ]),
  mutant('B4', 'any number of requests waits for replies', 'blocks/connection-state.ts', [
    'connection.waiting < this.#limits.waiting &&',
    '',
  ]),
  mutant('B4', 'the reply that comes last is the one', 'blocks/connection-state.ts', [
    'if (!this.#settle(connection, number)) return false;',
    'this.#settle(connection, number);',
  ]),
  mutant('B4', 'a reply to a closed connection is one to the next', 'blocks/connection-state.ts', [
    'if (reply.closings !== this.closings(connection)) return false;',
    '',
  ]),
  mutant(
    'B4',
    'a request to a closed connection is one to the next',
    'blocks/connection-state.ts',
    ["if (closings < this.closingsLeast(name)) return 'late';", ''],
  ),
  mutant('B4', 'who joins does not know what waits', 'blocks/connection-state.ts', [
    "if (kind === 'request') this.#wait(connection, { connection: name, number, bytes });",
    "if (kind === 'request') return true;",
  ]),
  mutant('B4', 'who joins does not know the replies', 'blocks/connection-state.ts', [
    'else this.#remember({ kind, connection: name, number, bytes });',
    '',
  ]),
  mutant('B4', 'who joins is not given what waits', 'blocks/connection-replica.ts', [
    'return bytes === undefined ? this.#serve(request) :',
    'return bytes === undefined ? [] :',
  ]),
  mutant('B4', 'who joins is given what waits backwards', 'blocks/connection-replica.ts', [
    'return [...requests].flatMap(',
    'return [...requests].toReversed().flatMap(',
  ]),
  mutant('B4', 'who joins is given what its state was given', 'blocks/connection-replica.ts', [
    'if (isServed) this.#restoreMade(',
    'if (!isServed) this.#restoreMade(',
  ]),
  mutant('B4', 'the state of a service is not transferred', 'blocks/connection-replica.ts', [
    'this.#service.restore(isServed ? pieces.slice(stateEnd + made) : []);',
    'this.#service.restore([]);',
  ]),
];
