// A process with one processor of the group that is recorded.
import { groupId } from '@choir/ftmp';
import { type GroupEvent, ProcessorHost } from '../../src/index.ts';
import type { Beginning, Told } from './processor-message.ts';

const group = groupId(7);
const keyId = 1;

function tell(told: Told): void {
  process.send?.(told);
}

function listener(event: GroupEvent): void {
  if (event.kind === 'view') tell({ kind: 'view', members: event.view.members.length });
  if (event.kind === 'message')
    tell({ kind: 'message', text: Buffer.from(event.bytes).toString() });
}

async function begin({ number, host, port, seeds, key }: Beginning): Promise<ProcessorHost> {
  const keys = key === null ? null : [{ id: keyId, key: Buffer.from(key, 'hex') }];
  const processor = await ProcessorHost.open({
    network: { kind: 'unicast', host, port, seeds },
    processorNumber: number,
    ...(keys === null ? { insecure: true } : { keys }),
  });
  await processor.join(group, { init: number === 1, listener });
  return processor;
}

let processor: Promise<ProcessorHost> | null = null;

process.on('message', async (told: Beginning | string) => {
  if (typeof told !== 'string') processor = begin(told);
  else await (await processor)?.send(group, Buffer.from(told));
});
