// A process of the fault test: one processor, encrypted and recorded, that sends messages of many sizes.
import { randomBytes, randomInt } from 'node:crypto';
import { groupId, processorText } from '@choir/ftmp';
import { type GroupEvent, ProcessorHost } from '../../src/index.ts';
import type { Command, Opening, Told } from './member-message.ts';

const group = groupId(1);
const safeShare = 5;
const longShare = 20;
const lengths = { short: [24, 200], long: [1_000, 20_000] } as const;

let host: ProcessorHost | null = null;
let isIn = false;
let timer: NodeJS.Timeout | null = null;

function tell(told: Told): void {
  process.send?.(told);
}

function listener(event: GroupEvent): void {
  if (event.kind === 'view' && host !== null) {
    isIn = true;
    const members = event.view.members.map(processorText);
    tell({ kind: 'view', own: processorText(host.id), members });
  } else if (event.kind === 'excluded') {
    isIn = false;
    tell({ kind: 'out' });
  }
}

async function open({ network, processor, init, key, trace }: Opening): Promise<void> {
  host = await ProcessorHost.open({
    network,
    processorNumber: processor,
    keys: [{ id: 1, key: Buffer.from(key, 'hex') }],
    rejoin: true,
    trace,
    onWarning: () => {},
  });
  tell({ kind: 'opened', address: host.address });
  await host.join(group, { init, listener });
}

/** No two messages have the same bytes: the recording names them by those. */
function send(): void {
  if (host === null || !isIn) return;
  const [least, most] = randomInt(longShare) === 0 ? lengths.long : lengths.short;
  host.trySend(group, randomBytes(randomInt(least, most)), { safe: randomInt(safeShare) === 0 });
}

async function perform(command: Command): Promise<void> {
  switch (command.kind) {
    case 'open':
      await open(command);
      return;
    case 'work':
      if (timer !== null) clearInterval(timer);
      timer = command.everyMs === null ? null : setInterval(send, command.everyMs);
      if (command.everyMs === null) tell({ kind: 'resting' });
      return;
    case 'block': {
      const until = performance.now() + command.ms;
      while (performance.now() < until);
      return;
    }
    case 'close':
      await host?.close();
      process.disconnect?.();
      return;
    default:
      command satisfies never;
  }
}

process.on('message', (command: Command) => void perform(command));
// Whoever started it is gone: nobody would end it.
process.on('disconnect', () => process.exit());
