/** The server that is fuzzed, as a process of its own. What hostile frames may leave for good is kept small. */
import { serve } from '@choir/server';

const [data = ''] = process.argv.slice(2);
const settings = { groupsMax: 100, chainsMax: 20 };
const server = await serve({ data, port: 0, pages: '', settings });
process.stdout.write(`${server.url}\n`);
