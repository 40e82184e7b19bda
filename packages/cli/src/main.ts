import { exitNumber } from './exit-code.ts';
import { run } from './run.ts';

// Whoever reads the output may have seen enough (`choir log | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitNumber('done'));
});

const code = await run(process.argv.slice(2));
// Output on its way to a pipe is written before the process ends.
process.stdout.write('', () => process.exit(code));
