/**
 * Lets hostile clients loose on a server process, and watches that it stays up, serves others in order meanwhile, and
 * does not grow.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@choir/testkit';
import { Witnesses } from '../hostile/witnesses.ts';
import { Attacker } from './attacker.ts';
import { Frames } from './frames.ts';

export type FuzzPlan = {
  readonly frames: number;
  readonly attackers: number;
  readonly seed: number;
  /** Parts of the run; the server's memory is looked at after each. */
  readonly stages: number;
  readonly onStage?: (stage: Stage) => void;
};

/** How far the run is after one of its stages. */
export type Stage = {
  readonly frames: number;
  readonly connections: number;
  /** Resident memory of the server, bytes; 0 where the system does not tell. */
  readonly residentBytes: number;
};

export async function fuzzRun(plan: FuzzPlan): Promise<readonly Stage[]> {
  const folder = mkdtempSync(join(tmpdir(), 'choir-fuzz-'));
  const script = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const server = spawn(process.execPath, [script, join(folder, 'data')], { stdio });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    return await attack(plan, line.toString().trim(), server);
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attack(
  plan: FuzzPlan,
  url: string,
  server: ChildProcess,
): Promise<readonly Stage[]> {
  const random = new Random(plan.seed);
  const attackers = Array.from({ length: plan.attackers }, (_, index) => {
    const own = random.fork(`attacker ${index}`);
    return new Attacker(url, `attacker-${index}`, own, new Frames(own.fork('frames')));
  });
  const told: Stage[] = [];
  let frames = 0;
  let connections = 0;
  for (let stage = 1; stage <= plan.stages; stage += 1) {
    const target = (plan.frames * stage) / plan.stages;
    const witnesses = await Witnesses.meet(url, `${stage}`);
    await witnesses.talkDuring(async () => {
      const fight = async (attacker: Attacker): Promise<void> => {
        while (frames < target) {
          const sent = await attacker.attack();
          frames += sent;
          connections += 1;
        }
      };
      await Promise.all(attackers.map(fight));
    });
    witnesses.leave();
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}.`);
    const residentBytes = residentBytesOf(server.pid);
    const done = { frames, connections, residentBytes };
    told.push(done);
    plan.onStage?.(done);
  }
  return told;
}

/** Growth of the server's memory over the last two thirds of a run, as a factor. */
export function growth(told: readonly Stage[]): number {
  const third = Math.floor(told.length / 3);
  const mean = (some: readonly Stage[]): number =>
    some.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / some.length;
  return mean(told.slice(-third)) / Math.max(1, mean(told.slice(third, 2 * third)));
}

function residentBytesOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0;
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * 4_096;
}
