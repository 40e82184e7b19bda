import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Program, reportsOf } from '../src/programs.ts';
import { Views } from '../src/views.ts';

function program(source: string): Program {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, ['-e', source], { stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Program('the node', child);
}

function printing(...lines: object[]): string {
  return lines.map((line) => `console.log(${JSON.stringify(JSON.stringify(line))});`).join('');
}

const stay = 'setInterval(() => {}, 1e6);';
const report = { sent: 1, delivered: 1, perSecond: 9, p50Ms: 1, p99Ms: 2, order: 'f'.repeat(16) };

describe('reports', () => {
  test('are those of all programs, which are ended with the last', async () => {
    const programs = [program(printing(report) + stay), program(printing({ ...report, sent: 0 }))];
    expect(await reportsOf(programs, 10_000)).toMatchObject([{ sent: 1 }, { sent: 0 }]);
    expect(programs.map(({ isRunning }) => isRunning)).toEqual([false, false]);
  });

  test('fail with what a program said when it ended without one', async () => {
    const failing = program('console.error("no daemon"); process.exit(3);');
    const other = program(stay);
    await expect(reportsOf([failing, other], 10_000)).rejects.toMatchObject({
      code: 'bench-program',
      message: 'the node ended (3): no daemon',
    });
    expect(other.isRunning).toBe(false);
  });

  test('fail when they take too long', async () => {
    await expect(reportsOf([program(stay)], 100)).rejects.toThrow('ended (SIGKILL)');
  });
});

describe('views', () => {
  const view = (atNs: bigint, members: number) => ({ atNs: String(atNs), members });
  const patience = { sinceNs: 10n, withinMs: 10_000 };

  test('come when the last of the nodes has one of the size, since the time', async () => {
    const views = new Views([
      program(printing(view(5n, 2), view(20n, 3), view(30n, 2), view(40n, 2)) + stay),
      program(printing(view(25n, 2)) + stay),
    ]);
    onTestFinished(() => views.stop());
    expect(await views.until([1, 2], 2, patience)).toBe(30n);
    expect(await views.until([2], 2, patience)).toBe(25n);
  });

  test('fail when they take too long', async () => {
    const views = new Views([program(printing(view(20n, 3)) + stay)]);
    onTestFinished(() => views.stop());
    const late = views.until([1], 2, { ...patience, withinMs: 100 });
    await expect(late).rejects.toThrow('Not all of nodes 1 had 2 members in 100 ms.');
  });

  test('fail when the node is gone, or tells nonsense', async () => {
    const gone = new Views([program('console.error("no daemon"); process.exit(1);')]);
    await expect(gone.until([1], 2, patience)).rejects.toThrow('ended (1): no daemon');
    const mad = new Views([program(printing({ members: 2 }) + stay)]);
    onTestFinished(() => mad.stop());
    await expect(mad.until([1], 2, patience)).rejects.toMatchObject({ code: 'bench-report' });
  });
});
