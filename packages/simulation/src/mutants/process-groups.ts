/** The mutants of the properties of process groups (S1–S29, S32, S33, L1–L10), in `packages/ftmp`; see `table.ts`. */
import type { Hunt, Mutant } from './mutant.ts';

const ftmp: Hunt = { kind: 'simulate', suite: 'ftmp' };
const recovery: Hunt = { kind: 'simulate', suite: 'ftmp-recovery' };
const calm: Hunt = { kind: 'simulate', suite: 'ftmp-calm' };

function mutant(
  property: string,
  what: string,
  file: string,
  [find, replace]: readonly [string, string],
  hunt: Hunt = ftmp,
): Mutant {
  return { property, what, file: `packages/ftmp/src/${file}`, find, replace, hunt };
}

export const processGroupMutants: readonly Mutant[] = [
  mutant('S1', 'a joiner is given the view before its own', 'stack/ordering.ts', [
    "this.install({ id, members, cause: 'joined', transitional: [added] });",
    "this.install({ id, members: state.members, cause: 'joined', transitional: [added] });",
  ]),
  mutant('S2', 'ids of views wrap around', 'pgmp/changes.ts', [
    'return { timestamp: held.timestamp, processor: held.source };',
    'return { timestamp: held.timestamp % 256, processor: held.source };',
  ]),
  mutant('S3', 'a joiner is given what it follows the order by', 'stack/ordering.ts', [
    'if (whole === null || !state.isInstalled) continue;',
    'if (whole === null) continue;',
  ]),
  mutant(
    'S4',
    'a joiner is told the delivered members, and not the ordered',
    'stack/beginning.ts',
    [
      'const members = order.members.map((id) => ({',
      'const members = state.members.map((id) => ({',
    ],
  ),
  mutant(
    'S5',
    'any half of a view is a quorum',
    'pgmp/quorum.ts',
    ['return 2 * present > view.length ||', 'return 2 * present >= view.length ||'],
    recovery,
  ),
  mutant('S6', 'pieces of a long message overlap', 'romp/assembly.ts', [
    'at += piece.length;',
    'at += piece.length - 1;',
  ]),
  mutant('S6', 'memory is returned before it was delivered', 'stack/group-state.ts', [
    "if (body.type !== 'regular' || sequence > (this.deliveredLast.get(source) ?? -1)) return;",
    "if (body.type !== 'regular') return;",
  ]),
  mutant('S6', 'pieces are returned that wait for the last', 'stack/group-state.ts', [
    'if (body.parts.every(({ first, last }) => first && last)) this',
    'this',
  ]),
  mutant('S6', 'what was handed over is held, and returned', 'stack/sender.ts', [
    "return body.type === 'regular' ? { ...body, parts: partsIn(message, body.parts) } : body;",
    'return body;',
  ]),
  mutant('S6', 'what was handed over is returned with its first piece', 'stack/outgoing.ts', [
    'this.#sent = part.last ? 0 : from + length;',
    'this.#sent = part.last ? 0 : from + length;\n    if (from === 0) this.#sentWhole(message.bytes);',
  ]),
  mutant('S7', 'a message that is sent again was not void', 'stack/ordering.ts', [
    'state.assembly.added();',
    'void state.assembly;',
  ]),
  mutant(
    'S9',
    'what is sent after a decision comes before its view',
    'stack/ordering.ts',
    ['const held = order.force(belongs);', 'const held = order.force(() => true);'],
    recovery,
  ),
  mutant(
    'S10',
    'a cut is what all hold, and not what anyone holds',
    'pgmp/agreement.ts',
    [
      'const sequence = Math.max(mark.sequence, known.sequence);',
      'const sequence = Math.min(mark.sequence, known.sequence);',
    ],
    recovery,
  ),
  mutant('S11', 'newcomers count as going on together', 'stack/recovery.ts', [
    'const transitional = members.filter((member) => before.includes(member));',
    'const transitional = members.filter((member) => member !== before[0]);',
  ]),
  mutant('S13', 'parts are packed in the wrong order', 'stack/outgoing.ts', [
    'parts.push(part);',
    'parts.unshift(part);',
  ]),
  mutant('S14', 'a gap is passed over when what is behind it is there', 'rmp/stream.ts', [
    'const held = this.at(this.#contiguous + 1);\n    if (held',
    'const held = this.at(this.#contiguous + 1) ?? (this.holds(this.#contiguous + 2) ? this.at(++this.#contiguous + 1) : undefined);\n    if (held',
  ]),
  mutant('S15', 'the clock does not follow what is received', 'romp/clock.ts', [
    'if (timestamp > this.#latest) this.#latest = timestamp;',
    'if (timestamp > this.#latest + 64) this.#latest = timestamp;',
  ]),
  mutant('S16', 'messages are ordered though members were not heard', 'romp/order.ts', [
    'for (const member of this.#members) if (member.heard < first.timestamp) return undefined;',
    'for (const member of this.#members) if (member.heard < first.timestamp - 8) return undefined;',
  ]),
  mutant('S17', 'a member need not be heard quite up to a message', 'romp/order.ts', [
    'for (const member of this.#members) if (member.heard < first.timestamp) return undefined;',
    'for (const member of this.#members) if (member.heard < first.timestamp - 1) return undefined;',
  ]),
  mutant(
    'S18',
    'of equal timestamps the other source is first at the end of a configuration',
    'romp/order.ts',
    [
      'if (first === undefined || !belongs(first)) continue;\n      if (found?.waiting.first === undefined || first.timestamp <',
      'if (first === undefined || !belongs(first)) continue;\n      if (found?.waiting.first === undefined || first.timestamp <=',
    ],
    recovery,
  ),
  mutant(
    'S19',
    'the last message of a cut is left out',
    'stack/situation.ts',
    [
      'return ({ source, sequence }) => sequence <= (last.get(source) ?? -1);',
      'return ({ source, sequence }) => sequence < (last.get(source) ?? -1);',
    ],
    recovery,
  ),
  mutant('S20', 'of equal timestamps the higher source is first', 'romp/order.ts', [
    'this.#sorted = [...this.#lanes.values()].sort((one, other) => one.source - other.source);',
    'this.#sorted = [...this.#lanes.values()].sort((one, other) => other.source - one.source);',
  ]),
  mutant('S17', 'who speaks after a silence forgets its lookahead', 'stack/sender.ts', [
    'this.#clock.observe(this.#lookahead);',
    'this.#clock.observe(0);',
  ]),
  mutant('S21', 'safe messages do not wait', 'romp/delivery.ts', [
    'return held.safe || changesMembership(held);',
    "return (held.safe && held.body.type !== 'regular') || changesMembership(held);",
  ]),
  mutant('S22', 'a heartbeat counts though the message before it is missing', 'stack/hearing.ts', [
    'if (beat.sequence > stream.contiguous) {',
    'if (beat.sequence > stream.contiguous + 1) {',
  ]),
  mutant('S23', 'what this processor has acknowledged is let go', 'stack/group-state.ts', [
    'const needed = Math.min(this.stable(), this.order.acknowledged());',
    'const needed = this.ack();',
  ]),
  mutant('S24', 'what was void is not sent again', 'stack/outgoing.ts', [
    'for (const message of [...messages, ...rest]) this.push(message);',
    'for (const message of rest) this.push(message);',
  ]),
  mutant(
    'S27',
    'the rest of a configuration comes after the next view',
    'stack/recovery.ts',
    [
      'this.#ordering.finish(within(successor.cut));\n    this.#begin(successor);',
      'this.#begin(successor);\n    this.#ordering.finish(within(successor.cut));',
    ],
    recovery,
  ),
  mutant('S28', 'who leaves is out before what was ordered before that', 'stack/ordering.ts', [
    'delivery.waiting.push(held);',
    "if (held.body.type === 'removeProcessor') this.#deliver(held, false);\n    else delivery.waiting.push(held);",
  ]),
  mutant('S29', 'a message is stable when it is acknowledged here', 'stack/ordering.ts', [
    'if (held.timestamp <= state.stable()) return true;',
    'if (held.timestamp <= state.ack()) return true;',
  ]),
  mutant('S32', 'a processor is added beside its earlier incarnation', 'pgmp/changes.ts', [
    'return members.every((member) => processorNumber(member) !== processorNumber(id));',
    'return !members.includes(id) && processorNumber(id) > 0;',
  ]),
  mutant(
    'S33',
    'each gives the end the time of its own proposal',
    'pgmp/agreement.ts',
    [
      'const timestamp = Math.max(...proposals.map((proposal) => proposal.timestamp));',
      'const timestamp = proposals[this.proposed.indexOf(this.#self)]?.timestamp ?? 0;',
    ],
    recovery,
  ),
  mutant('S34', 'what is ordered in a minority is given at once', 'stack/primacy.ts', [
    'if (this.#isPrimary) this.#emit(effect);',
    "if (this.#isPrimary || effect.kind === 'deliver') this.#emit(effect);",
  ]),
  mutant('S34', 'a view that the order makes is no news of a quorum', 'stack/ordering.ts', [
    'state.primacy.judge(true);\n    state.counts.views += 1;',
    'state.counts.views += 1;',
  ]),
  mutant('L1', 'who was removed is not told', 'stack/strangers.ts', [
    'if (!isInstalled || !this.#telling.may(source, now))',
    'if (isDeparted || !isInstalled || !this.#telling.may(source, now))',
  ]),
  mutant('L2', 'nobody asks for what is missing', 'rmp/rmp.ts', [
    'if (asking.due > now) continue;',
    'if (asking.due > now - 1_000_000) continue;',
  ]),
  mutant('L2', 'what comes in slices is never whole', 'rmp/slices.ts', [
    'if (to - from < length) return null;',
    'if (to - from <= length) return null;',
  ]),
  mutant('L3', 'the window opens for old messages only', 'stack/group-state.ts', [
    'stream.release(needed, limit, (held) => {',
    'stream.release(needed - 400, limit, (held) => {',
  ]),
  mutant('L4', 'safe messages wait for more than is acknowledged', 'stack/ordering.ts', [
    'if (held.timestamp <= state.stable()) return true;',
    'if (held.timestamp <= state.stable() - 1_000) return true;',
  ]),
  mutant(
    'L6',
    'patience is too short for a bad network',
    'pgmp/suspicion.ts',
    [
      'return silence >= this.#options.suspicionMinMs && silence >= this.timeout(id);',
      'return silence >= this.#options.suspicionMinMs / 6;',
    ],
    calm,
  ),
  mutant('L7', 'nothing is let go', 'stack/group-state.ts', [
    'if (needed === this.#released) return;',
    'if (needed >= 0) return;',
  ]),
  mutant('L8', 'every holder answers every request', 'stack/turn-to-answer.ts', [
    "return isFirst ? { kind: 'inVain' } : silent;",
    "return { kind: 'source' };",
  ]),
  mutant(
    'L9',
    'suspicions are weighed every five seconds',
    'stack/recovery.ts',
    ['const checkMs = 10;', 'const checkMs = 5_000;'],
    calm,
  ),
  mutant('L10', 'who asked once to be added asks no more', 'stack/entry.ts', [
    'this.#joinAt = now + surroundings.settings.joinMs;',
    'this.#joinAt = now + 1_000 * surroundings.settings.joinMs;',
  ]),
];
