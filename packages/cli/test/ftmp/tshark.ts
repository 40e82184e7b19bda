/** tshark with the dissector, and its fields beside those of `choir ftmp decode --json`. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const dissector = fileURLToPath(new URL('../../../../tools/wireshark/ftmp.lua', import.meta.url));
const separator = '|';

export const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** The values of these fields, frame by frame; a field that comes several times has several. */
export async function fieldsOf(
  capture: string,
  names: readonly string[],
): Promise<readonly ReadonlyMap<string, readonly string[]>[]> {
  const { stdout } = await promisify(execFile)(
    'tshark',
    [
      ...['-X', `lua_script:${dissector}`, '-r', capture, '-T', 'fields'],
      ...['-E', 'occurrence=a', '-E', `aggregator=${separator}`, '-E', 'separator=/t'],
      ...names.flatMap((name) => ['-e', name]),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const cells = line.split('\t');
      return new Map(
        names.map((name, index) => [name, cells[index] ? cells[index].split(separator) : []]),
      );
    });
}

/** What the column Info has behind the header of each frame. */
export async function wordsOf(capture: string): Promise<readonly string[]> {
  const shown = await fieldsOf(capture, ['_ws.col.Info']);
  return shown.map((fields) => {
    const info = fields.get('_ws.col.Info')?.join(separator) ?? '';
    return /^.* ack \d+(?: again)? {2}(.*)$/.exec(info)?.[1] ?? '';
  });
}

/** A field of tshark with all the values that a JSON object has for it, in their order. */
export function flattened(value: unknown, path: string, into: Map<string, string[]>): void {
  if (Array.isArray(value)) for (const each of value) flattened(each, path, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) flattened(each, `${path}.${name}`, into);
  } else if (value !== undefined && value !== null && value !== '') {
    into.set(path, [...(into.get(path) ?? []), shown(value)]);
  }
}

/** As tshark shows it. */
function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
