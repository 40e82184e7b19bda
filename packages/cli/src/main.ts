import { run } from './run.ts';

// Whoever read the errors may have gone, with the terminal: there is nobody left to tell.
process.stderr.on('error', () => {});

const code = await run(process.argv.slice(2));
// Output on its way to a pipe is written before the process ends; and that it failed is heard.
process.stdout.write('', () => setImmediate(() => process.exit(code)));
