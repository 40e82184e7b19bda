// A member in a process of its own that multicasts all the time, and tells the test what it hears.
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

let n = 0;
const speaking = setInterval(async () => {
  n += 1;
  const text = `${label} ${life} ${n}`;
  try {
    await group.multicast(Buffer.from(text));
    tell({ kind: 'handed over', text });
  } catch {
    // The group is over: this was not taken.
    clearInterval(speaking);
  }
}, everyMs);

process.on('message', async () => {
  await group.leave();
  tell({ kind: 'left' });
  process.disconnect?.();
});

for await (const event of group) {
  if (event.kind === 'view') {
    const { number, members } = event.view;
    tell({ kind: 'view', number, labels: members.map((member) => member.label) });
  } else if (event.kind === 'message') {
    tell({ kind: 'message', text: Buffer.from(event.bytes).toString() });
  }
}
