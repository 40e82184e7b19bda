/** Chromium as the machine has it; a download of its own would be another browser on every machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Null: there is none, and `node tools/peers/chromium.ts` says what to do. */
export const chromiumPath = find(['chromium', 'chromium-browser', 'google-chrome']);

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // It draws for itself, is a guest in containers, and asks nobody on the network.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function find(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
