/** A process that opens a journal, says so, and keeps it until it is killed. Argument: directory. */
import { openJournal } from '../src/index.ts';

const result = await openJournal({ directory: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify(result.ok ? { owner: process.pid } : result.failure)}\n`);
