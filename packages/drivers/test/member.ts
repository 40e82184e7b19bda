// A process with one processor, told what to do by the test over IPC.
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { groupId, processorText } from '@choir/ftmp';
import { type GroupEvent, ProcessorHost } from '../src/index.ts';
import type { Command, Told } from './member-message.ts';

const group = groupId(7);
const order = createHash('sha256');
let delivered = 0;

function tell(told: Told): void {
  process.send?.(told);
}

function listener(event: GroupEvent): void {
  switch (event.kind) {
    case 'message':
      order.update(`${processorText(event.sender)} ${Buffer.from(event.bytes).toString('hex')}\n`);
      delivered += 1;
      return;
    case 'view':
      tell({ kind: 'view', members: event.view.members.map(processorText) });
      return;
    case 'excluded':
      tell({
        kind: 'excluded',
        rejoins: event.rejoins === null ? null : processorText(event.rejoins),
      });
      return;
    case 'stalled':
      tell({ kind: 'stalled', is: event.is, who: processorText(event.processor) });
      return;
    default:
  }
}

let host: ProcessorHost | null = null;

async function perform(command: Command): Promise<void> {
  if (command.kind === 'open') {
    const keys = command.keys?.map(({ id, hex }) => ({ id, key: Buffer.from(hex, 'hex') }));
    host = await ProcessorHost.open({
      network: command.network,
      rejoin: command.rejoin === true,
      ...(command.settings === undefined ? {} : { settings: command.settings }),
      ...(command.stalledMs === undefined ? {} : { stalledMs: command.stalledMs }),
      ...(keys === undefined ? { insecure: true } : { keys }),
    });
    tell({ kind: 'opened', id: processorText(host.id), address: host.address });
    void host.join(group, { init: command.init, listener }).catch(() => {});
    return;
  }
  if (host === null) return;
  switch (command.kind) {
    case 'send':
      for (let n = 0; n < command.count; n += 1) await host.send(group, numbered(n, command.bytes));
      break;
    case 'block': {
      const until = performance.now() + command.ms;
      while (performance.now() < until);
      tell({ kind: 'blocked' });
      break;
    }
    case 'block-until-released':
      readSync(0, new Uint8Array(1));
      tell({ kind: 'blocked' });
      break;
    case 'count':
      tell({ kind: 'count', delivered, order: order.copy().digest('hex') });
      break;
    case 'statistics': {
      const { refused, receivedDatagrams, exclusions } = await host.statistics();
      tell({ kind: 'statistics', refused: [...refused], receivedDatagrams, exclusions });
      break;
    }
    case 'leave':
      await host.leave(group);
      tell({ kind: 'left' });
      await host.close();
      process.disconnect?.();
      break;
    default:
      command satisfies never;
  }
}

function numbered(n: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(n);
  return bytes;
}

process.on('message', (command: Command) => void perform(command));
