import type { ServerStatus } from '@choir/client';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, patience } from '../arguments/option.ts';
import { Connection } from '../connection/connection.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Shows whether a server is there and takes messages.',
  synopsis: '[OPTION…]',
  options: { ...connecting, ...patience },
  examples: [
    ['choir status', 'of the server on this machine'],
    ['choir status --server ws://127.0.0.1:7500 --timeout 2s', 'exit code 3: there is none'],
  ],
  notes: [],
  words: { names: [], max: 0 },
  run: runStatus,
};

async function runStatus(given: Given, context: Context): Promise<ExitCode> {
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    const status = await connection.answer(connection.client.status());
    const server = connection.client.connection.url;
    context.output.result(record(status, server), lines(status, server).join('\n'));
    return 'done';
  } finally {
    await connection.close();
  }
}

function record(status: ServerStatus, server: string) {
  const { writable, why, head, groups, clients, connections, uptimeMs, version } = status;
  const counts = { groups, clients, connections, uptimeMs };
  return {
    type: 'status',
    status: writable ? 'writable' : 'read_only',
    why,
    server,
    version,
    globalId: head.seq,
    epoch: head.epoch,
    ...counts,
  };
}

function lines(status: ServerStatus, server: string): readonly string[] {
  const { writable, why, head, groups, clients, connections, uptimeMs, version } = status;
  return [
    `${server}, choir ${version}`,
    `  takes messages  ${writable ? 'yes' : `no: ${why}`}`,
    `  newest          global id ${head.seq} in epoch ${head.epoch}`,
    `  groups          ${groups}`,
    `  clients         ${clients} known, ${connections} connected`,
    `  running for     ${duration(uptimeMs)}`,
  ];
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit));
  if (days) return `${days} d ${Number(hours) % 24} h`;
  if (hours) return `${hours} h ${Number(minutes) % 60} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
