/**
 * Kills a server (or takes its power) again and again while several `choir send` hand over messages, and one
 * `choir join` listens; then compares what all of them were told with the log.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChoirProcess } from '../running/choir-process.ts';
import type { Disaster } from './disaster.ts';
import { readTold } from './read-told.ts';
import { Sender } from './sender.ts';
import { judge, type Told, type Verdict } from './verdict.ts';

export type KillPlan = {
  readonly kills: number;
  readonly senders: number;
  readonly disaster: (folder: string) => Disaster;
  readonly onKill?: (kills: number, acknowledged: number) => void;
};

const group = 'load';
/** Acknowledgements between a start and the next kill: at least one, so that each kill hits load. */
const acksMax = 150;

export async function killRun(plan: KillPlan): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'choir-kill-'));
  const running = new Set<{ kill(signal: 'SIGKILL'): void }>();
  const disaster = plan.disaster(folder);
  try {
    return await load(plan, disaster, folder, running);
  } finally {
    for (const each of running) each.kill('SIGKILL');
    disaster.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(
  plan: KillPlan,
  disaster: Disaster,
  folder: string,
  running: Set<{ kill(signal: 'SIGKILL'): void }>,
): Promise<Verdict> {
  const environment = { CHOIR_STATE: join(folder, 'state') };
  const { data } = disaster;
  let { server, url } = await serve(data, 0);
  running.add(server);
  const port = Number(new URL(url).port);
  const progress = new Progress();
  const options = ['--json', '--timeout', '0', '--server', url];
  const senders = Array.from({ length: plan.senders }, (_, index) => {
    // Every other one keeps its outbox on disk.
    const id = index % 2 === 0 ? [] : ['--id', `sender-${index}`];
    const args = ['send', group, ...options, ...id];
    return new Sender(`${index}`, { args, environment, onAck: () => progress.count() });
  });
  for (const sender of senders) running.add(sender);
  const joining = ['join', group, '--json', '--server', url, '--name', 'listener'];
  const listener = new ChoirProcess(joining, environment);
  running.add(listener);
  await listener.json({ type: 'joined' });
  const sending = Promise.all(senders.map((sender) => sender.run()));
  for (let kills = 1; kills <= plan.kills; kills++) {
    await Promise.race([progress.more(randomInt(1, acksMax)), sending]);
    running.delete(server);
    await disaster.strike(server);
    plan.onKill?.(kills, progress.acknowledged);
    ({ server, url } = await serve(data, port));
    running.add(server);
  }
  for (const sender of senders) sender.stop();
  await sending;
  const log = await messagesInLog(url, environment);
  const last = log.at(-1)?.data;
  await listener.json({ type: 'message', data: last });
  const delivered = messages(listener.out.lines);
  listener.kill('SIGTERM');
  await listener.ended();
  server.kill('SIGTERM');
  await server.ended();
  running.clear();
  const sent = senders.reduce((sum, sender) => sum + sender.sent, 0);
  const acknowledged = senders.flatMap((sender) => sender.acknowledged);
  return judge(sent, acknowledged, delivered, log);
}

/** Counts acknowledgements, and wakes who waits for more of them. */
class Progress {
  acknowledged = 0;
  #target = Number.POSITIVE_INFINITY;
  #wake: () => void = () => {};

  count(): void {
    this.acknowledged += 1;
    if (this.acknowledged >= this.#target) this.#wake();
  }

  more(count: number): Promise<void> {
    this.#target = this.acknowledged + count;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

async function serve(data: string, port: number): Promise<{ server: ChoirProcess; url: string }> {
  const server = new ChoirProcess(['serve', '--data', data, '--port', `${port}`, '--json'], {});
  const { url } = await server.json({ type: 'ready' });
  return { server, url: String(url) };
}

async function messagesInLog(
  url: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Told[]> {
  const reading = new ChoirProcess(['log', group, '--json', '--server', url], environment);
  reading.endInput();
  const { code, stderr } = await reading.ended();
  if (code !== 0) throw new Error(`choir log ended with exit code ${code}:\n${stderr}`);
  return messages(reading.out.lines);
}

function messages(lines: readonly string[]): readonly Told[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'message')
    .map(readTold);
}
