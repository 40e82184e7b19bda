/** Run by `kill.test.ts` as a process of its own: a server whose address it prints. */
import { serve } from '@choir/server';

const [data = '', port = '0'] = process.argv.slice(2);
const server = await serve({ data, port: Number(port), pages: '' });
process.stdout.write(`${server.url}\n`);
