/** A node of ours: a processor in a group, without the toolkit. */
import { hostOptionsOf, serve } from '@choir/bench-namespaces/member';
import { ProcessorHost } from '@choir/drivers';
import { groupId, processorNumber } from '@choir/ftmp';

const group = groupId(1);

serve(async (options, { delivered, viewed }) => {
  const host = await ProcessorHost.open({ ...hostOptionsOf(options), rejoin: true });
  await host.join(group, {
    init: options.init,
    listener(event) {
      if (event.kind === 'message') delivered(processorNumber(event.sender), event.bytes);
      if (event.kind === 'view') viewed(event.view.members.length);
    },
  });
  return { send: (bytes) => host.send(group, bytes) };
});
