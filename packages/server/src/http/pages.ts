/**
 * The files of the web page. They are listed once, at the start: a request names one of the list or
 * nothing, so that no path leads out of the folder.
 */
import { createReadStream, type Dirent, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The page loads only what this server has, and talks to it alone. */
const headers = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export class Pages {
  readonly #files = new Map<string, string>();

  /** The files in a folder and below it; none when it does not exist. */
  constructor(folder: string) {
    for (const entry of entriesOf(folder)) {
      if (!entry.isFile() || contentTypes[extname(entry.name)] === undefined) continue;
      const file = join(entry.parentPath, entry.name);
      this.#files.set(`/${relative(folder, file).split(sep).join('/')}`, file);
    }
    const index = this.#files.get('/index.html');
    if (index !== undefined) this.#files.set('/', index);
  }

  /** Answers with a file; false when there is none of that name. */
  answer(path: string, response: ServerResponse, withBody: boolean): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    const type = contentTypes[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'content-type': type });
    if (withBody) pipeline(createReadStream(file), response, () => response.destroy());
    else response.end();
    return true;
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}
