/** A terminal of the whiteboard. */
import { parseArgs } from 'node:util';
import { joinGroup, ReplicatedMap } from '@choir/process-group';
import type { Cell } from './board.ts';
import { frame } from './drawing.ts';
import { actionOf } from './keys.ts';
import { Screen } from './screen.ts';
import { Whiteboard } from './whiteboard.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;
const exitCode = { failed: 1, noTerminal: 2 } as const;

async function main(): Promise<void> {
  const { id = `p${process.pid}` } = parseArgs({ options: { id: { type: 'string' } } }).values;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    console.error('The whiteboard needs a terminal: redirect neither its input nor its output.');
    process.exitCode = exitCode.noTerminal;
    return;
  }
  console.log(`${id} is process ${process.pid}.`);
  const changed = (): void => screen?.redraw();
  let screen: Screen | null = null;
  const cells = new ReplicatedMap<Cell>(changed);
  const group = await joinGroup('whiteboard', { label: id, replicas: { cells } });
  const whiteboard = new Whiteboard(id, group, cells);
  const leave = (): void => {
    screen?.restore();
    for (const signal of signals) process.off(signal, leave);
    // Where there is no majority that takes some seconds.
    console.log('Leaving; Ctrl-C ends at once.');
    void group.leave();
  };
  for (const signal of signals) process.on(signal, leave);
  // The terminal is gone, and nobody could end a process that waits for a majority.
  process.once('SIGHUP', () => process.exit(exitCode.failed));
  screen = new Screen({
    frame: (size) => frame(whiteboard.picture, size),
    press: (text, key) => {
      const action = actionOf(text, key);
      if (action?.kind === 'leave') leave();
      else if (action !== null) whiteboard.do(action);
      changed();
    },
  });
  try {
    for await (const event of group) {
      whiteboard.hear(event);
      changed();
    }
  } finally {
    screen.restore();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = exitCode.failed;
});
