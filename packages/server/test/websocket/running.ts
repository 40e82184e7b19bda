/** Servers of one test file, on free ports, with data of their own; all are ended with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, type ServeOptions, serve } from '@choir/server';
import { afterAll } from 'vitest';

const folders: string[] = [];
const servers: RunningServer[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'choir-server-'));
  folders.push(folder);
  return folder;
}

export async function running(options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const server = await serve({ data: temporaryFolder(), port: 0, pages: '', ...options });
  servers.push(server);
  return server;
}
