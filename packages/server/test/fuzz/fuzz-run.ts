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
import { RunFolder } from './run-folder.ts';

export type FuzzPlan = {
  readonly frames: number;
  readonly attackers: number;
  readonly seed: number;
  /** Parts of the run; the server's memory is looked at after each. */
  readonly stages: number;
  /** Kept, so that the same run goes on after its last whole stage. Default: a temporary one. */
  readonly folder?: string;
  readonly onStage?: (stage: Stage) => void;
};

/** How far the run is after one of its stages. */
export type Stage = {
  readonly frames: number;
  readonly connections: number;
  /** Resident memory of the server, bytes; 0 where the system does not tell. */
  readonly residentBytes: number;
  /** Which process of the server it was. */
  readonly serverPid: number;
};

export async function fuzzRun(plan: FuzzPlan): Promise<readonly Stage[]> {
  const temporary = plan.folder === undefined ? mkdtempSync(join(tmpdir(), 'choir-fuzz-')) : null;
  const folder = new RunFolder(plan.folder ?? temporary ?? '', plan);
  const script = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const server = spawn(process.execPath, [script, folder.data], { stdio });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    return await attack(plan, folder, { url: line.toString().trim(), process: server });
  } finally {
    server.kill('SIGKILL');
    if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
  }
}

type Server = { readonly url: string; readonly process: ChildProcess };

async function attack(
  plan: FuzzPlan,
  folder: RunFolder,
  { url, process }: Server,
): Promise<readonly Stage[]> {
  const told: Stage[] = [...folder.stages];
  let { frames, connections } = told.at(-1) ?? { frames: 0, connections: 0 };
  for (let stage = told.length + 1; stage <= plan.stages; stage += 1) {
    const target = (plan.frames * stage) / plan.stages;
    // A stage that was broken off has left its own behind.
    const witnesses = await Witnesses.meet(url, `${stage}-${process.pid}`);
    await witnesses.talkDuring(async () => {
      const fight = async (attacker: Attacker): Promise<void> => {
        while (frames < target) {
          const sent = await attacker.attack();
          frames += sent;
          connections += 1;
        }
      };
      await Promise.all(attackersOf(plan, stage, url).map(fight));
    });
    witnesses.leave();
    if (process.exitCode !== null) throw new Error(`The server ended with ${process.exitCode}.`);
    const serverPid = process.pid ?? 0;
    const done = { frames, connections, residentBytes: residentBytesOf(serverPid), serverPid };
    told.push(done);
    folder.add(done);
    plan.onStage?.(done);
  }
  return told;
}

/** Each stage draws anew, so that a run that goes on sends what it would have sent. */
function attackersOf(plan: FuzzPlan, stage: number, url: string): readonly Attacker[] {
  const random = new Random(plan.seed).fork(`stage ${stage}`);
  return Array.from({ length: plan.attackers }, (_, index) => {
    const own = random.fork(`attacker ${index}`);
    return new Attacker(url, `attacker-${index}`, own, new Frames(own.fork('frames')));
  });
}

/** Of one process: what it takes at its beginning is no growth. */
const judgedMin = 6;

/**
 * Growth of the server's memory over the last two thirds of the last process's stages, as a factor; null when that
 * process did too little.
 */
export function growth(told: readonly Stage[]): number | null {
  const judged = told.filter(({ serverPid }) => serverPid === told.at(-1)?.serverPid);
  if (judged.length < judgedMin) return null;
  const third = Math.floor(judged.length / 3);
  const mean = (some: readonly Stage[]): number =>
    some.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / some.length;
  return mean(judged.slice(-third)) / Math.max(1, mean(judged.slice(third, 2 * third)));
}

function residentBytesOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * 4_096;
}
