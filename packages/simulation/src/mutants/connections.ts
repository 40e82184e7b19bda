/** The mutants of connections (S30, S31), in `packages/ftmp`; see `table.ts`. */
import type { Hunt, Mutant } from './mutant.ts';

const ftmp: Hunt = { kind: 'simulate', suite: 'ftmp' };

function mutant(
  property: string,
  what: string,
  file: string,
  [find, replace]: readonly [string, string],
): Mutant {
  return { property, what, file: `packages/ftmp/src/${file}`, find, replace, hunt: ftmp };
}

export const connectionMutants: readonly Mutant[] = [
  mutant('S30', 'a number that comes again at once is taken again', 'connection/window.ts', [
    'if (this.#taken[at] === 1) return false;',
    'if (this.#taken[at] === 1 && number < this.#highest) return false;',
  ]),
  mutant('S30', 'every Connect opens its connection', 'connection/connections.ts', [
    'const wasOpen = this.#open.has(name);',
    'const wasOpen = this.#open.has(name) && !this.#numbers.has(name);',
  ]),
  mutant('S31', 'data passes the barrier', 'stack/pacing.ts', [
    'if (state.isBarred()) return false;',
    '',
  ]),
  mutant(
    'S31',
    'the barrier falls for those who have promised to be silent',
    'stack/group-state.ts',
    ['for (const { spoken } of this.#lanes) if (spoken <= this.#barrier) return true;', ''],
  ),
  mutant('S31', 'after a move what was sent to the old place is taken', 'connection/routes.ts', [
    "if (former !== null && !knew) return { place: former, verdict: 'moved' };",
    "if (former !== null && !knew) return { place: former, verdict: 'current' };",
  ]),
];
