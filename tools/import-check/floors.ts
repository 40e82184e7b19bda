// Reads the floors table of ARCHITECTURE.md, which is written for people and obeyed here.
//
//   | floor | package | may import | pure |
//   | 4 | `groups` | `ordering`, `protocol`, `bytes` | yes |
//
// `pure` is `yes`, `no`, only a folder (`src/host`), or all but one (`except src/node`).

export type Floor = {
  readonly name: string;
  /** Undefined for the package that stands beside the house. */
  readonly floor: number | undefined;
  readonly mayImport: readonly string[];
  readonly isPure: (file: string) => boolean;
};

export function readFloors(markdown: string): readonly Floor[] {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) =>
    /^\| *floor *\| *package *\| *may import *\| *pure *\|/.test(line),
  );
  if (head === -1)
    throw new Error('ARCHITECTURE.md holds no table "floor | package | may import | pure"');
  const rows: Floor[] = [];
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(readRow(line));
  }
  return rows;
}

function readRow(line: string): Floor {
  const [, floor = '', name = '', mayImport = '', pure = ''] = line
    .split('|')
    .map((cell) => cell.replaceAll('`', '').trim());
  if (!/^(\d|beside)$/.test(floor) || !/^[a-z-]+$/.test(name)) {
    throw new Error(`not a row of the floors table: ${line}`);
  }
  return {
    name,
    floor: floor === 'beside' ? undefined : Number(floor),
    mayImport: mayImport === 'nothing' ? [] : mayImport.split(',').map((other) => other.trim()),
    isPure: readPure(pure),
  };
}

function readPure(cell: string): Floor['isPure'] {
  const found = /^(yes|no|(?<except>except )?(?<folder>src\/[a-z-]+))$/.exec(cell);
  if (found === null) throw new Error(`not a value of the column pure: ${cell}`);
  if (cell === 'yes' || cell === 'no') return () => cell === 'yes';
  const folder = `${found.groups?.['folder']}/`;
  const inside = found.groups?.['except'] === undefined;
  return (file) => file.startsWith(folder) === inside;
}

/** What is wrong with the table itself. */
export function judgeFloors(floors: readonly Floor[]): readonly string[] {
  const byName = new Map(floors.map((floor) => [floor.name, floor]));
  const wrong: string[] = [];
  for (const { name, floor, mayImport } of floors) {
    for (const other of mayImport) {
      const target = byName.get(other);
      if (target === undefined) {
        wrong.push(`${name} may import ${other}, which is not in the table`);
      } else if (floor === undefined ? target.floor !== 0 : (target.floor ?? floor) > floor) {
        wrong.push(`${name} may import ${other}, which is on a higher floor`);
      } else if (reaches(byName, other, name)) {
        wrong.push(`${name} may import ${other}, which leads back to ${name}`);
      }
    }
  }
  return wrong;
}

function reaches(byName: ReadonlyMap<string, Floor>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(byName.get(name)?.mayImport ?? []));
  }
  return false;
}
