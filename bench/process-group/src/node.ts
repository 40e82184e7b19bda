/** A node of ours: a member of a process group. */
import { hostOptionsOf, serve } from '@choir/bench-namespaces/member';
import { processorNumber } from '@choir/ftmp';
import { Transport } from '@choir/process-group';

serve(async (options, { delivered, viewed }) => {
  const { processorNumber: number, init } = options;
  const transport = await Transport.open(hostOptionsOf(options));
  const group = await transport.join('benchmark', { init, label: `node ${number}` });
  const read = async (): Promise<void> => {
    for await (const event of group) {
      if (event.kind === 'message') delivered(processorNumber(event.from.id), event.bytes);
      if (event.kind === 'view') viewed(event.view.members.length);
    }
  };
  void read();
  return { send: (bytes) => group.multicast(bytes) };
});
