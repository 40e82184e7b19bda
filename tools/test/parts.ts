// The parts of `npm test`, in the order in which they run: quick checks first.
//
// A budget is what the part may take on two cores. Over its budget a part is marked, and at three
// times its budget it is stopped and counts as failed.

export type Part = {
  readonly name: string;
  /** `check` needs no running code: `npm run check` is these parts only. */
  readonly kind: 'check' | 'test';
  readonly command: readonly [string, ...string[]];
  readonly budgetSeconds: number;
  /** Finds in the output what the closing table shows beside the result. */
  readonly note: RegExp;
  /** A script that makes ready what the machine may lack. */
  readonly preparation?: string;
};

function check(
  name: string,
  budgetSeconds: number,
  note: RegExp,
  ...command: Part['command']
): Part {
  return { name, kind: 'check', command, budgetSeconds, note };
}

/** Folders, and options of the test runner. */
function tests(name: string, budgetSeconds: number, ...what: string[]): Part {
  const words = what.map((word) => (word.startsWith('--') ? word : `${word}/`));
  const command: Part['command'] = ['vitest', 'run', ...words];
  return { name, kind: 'test', command, budgetSeconds, note: /Tests +(.*)/ };
}

const summary = /^(\d+ .*)$/m;

export const parts: readonly Part[] = [
  check('lint', 20, /Checked (\d+ files)/, 'biome', 'ci', '--colors=off'),
  check('types', 60, summary, 'tsc', '-b'),
  check('imports', 3, summary, 'node', 'tools/import-check/main.ts'),
  check('unused', 20, summary, 'knip', '--no-progress', '--no-config-hints'),
  check('tidy', 3, summary, 'node', 'tools/tidy/main.ts'),
  check('size', 10, summary, 'node', 'packages/client/test/bundle/main.ts'),
  tests(
    'tools',
    15,
    'tools/import-check',
    'tools/links',
    'tools/peers',
    'tools/test',
    'tools/tidy',
  ),
  {
    ...tests('ground', 90, 'packages/bytes', 'packages/protocol', 'packages/testkit'),
    preparation: 'tools/peers/namespaces.ts',
  },
  tests('ftmp', 60, 'packages/ftmp'),
  tests('drivers', 120, 'packages/drivers'),
  {
    ...tests('process-group', 120, 'packages/process-group'),
    preparation: 'tools/peers/namespaces.ts',
  },
  tests('journal', 120, 'packages/journal'),
  tests('groups', 90, 'packages/ordering', 'packages/groups'),
  { ...tests('client', 120, 'packages/client'), preparation: 'tools/peers/chromium.ts' },
  tests('server', 120, 'packages/server'),
  tests('simulation', 120, 'packages/simulation'),
  { ...tests('terminal', 330, 'packages/cli'), preparation: 'tools/peers/tshark.ts' },
  { ...tests('page', 150, 'packages/console'), preparation: 'tools/peers/chromium.ts' },
  tests('replay', 90, 'examples'),
  tests('guides', 120, 'packages/conformance', 'tools/pack', 'tools/tutorial'),
  {
    // One file at a time: corosync takes the processors with a real-time priority, and what runs beside it stands still meanwhile.
    ...tests('bench', 120, '--no-file-parallelism', 'bench'),
    preparation: 'tools/peers/corosync.ts',
  },
];
