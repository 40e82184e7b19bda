// A member in a process of its own that multicasts all the time, and tells the test what it hears.
import { setInterval as every } from 'node:timers/promises';
import { joinGroup } from '../../src/index.ts';

/** What it tells: a view by its number and its labels, a message by its sender and its number there, and what it has handed over. */
export type Told =
  | { readonly kind: 'view'; readonly number: number; readonly labels: readonly string[] }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'handed over'; readonly text: string }
  | { readonly kind: 'left' };

const [, , directory = '', label = '', life = ''] = process.argv;
const everyMs = 10;

/** Nobody listens any more when the test has ended. */
const tell = (told: Told): void => {
  if (process.connected) process.send?.(told, () => {});
};

const group = await joinGroup('rolling', { directory, label });

async function speak(): Promise<void> {
  let n = 0;
  for await (const _ of every(everyMs)) {
    n += 1;
    const text = `${label} ${life} ${n}`;
    await group.multicast(Buffer.from(text));
    tell({ kind: 'handed over', text });
  }
}

process.on('message', async () => {
  await group.leave();
  tell({ kind: 'left' });
  process.disconnect?.();
});

// Ends with the group.
speak().catch(() => {});
for await (const event of group) {
  if (event.kind === 'view') {
    const { number, members } = event.view;
    tell({ kind: 'view', number, labels: members.map((member) => member.label) });
  } else if (event.kind === 'message') {
    tell({ kind: 'message', text: Buffer.from(event.bytes).toString() });
  }
}
