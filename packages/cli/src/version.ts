import { readFileSync } from 'node:fs';

export function version(): string {
  const path = new URL('../package.json', import.meta.url);
  const { version: found } = JSON.parse(readFileSync(path, 'utf8'));
  return String(found);
}
