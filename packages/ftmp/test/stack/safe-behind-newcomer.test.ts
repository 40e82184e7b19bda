/** S21: what is safe behind an AddProcessor, when the configuration ends before either is known to be stable. */
import { expect, test } from 'vitest';
import type { ProcessorId, ProtocolEvent } from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

const { addProcessor, regular } = messageTypes;

test('the newcomer counts, too: what it lacks is not given as safe', () => {
  const cluster = Cluster.formed(5, { beside: 1 });
  const [one, two, gone, four, five, newcomer] = cluster.processors.map(({ id }) => id);
  const until = (hasCome: (event: ProtocolEvent) => boolean): void => {
    for (let ms = 0; ms < 2_000 && cluster.events[0]?.some(hasCome) !== true; ms += 1)
      cluster.run(1);
  };
  cluster.run(500);
  // The newcomer lacks what the first says behind its AddProcessor; the second lacks both, for now.
  cluster.isCut = (_from, to, bytes) =>
    (to === newcomer && bytes[7] === regular) ||
    (to === two && (bytes[7] === regular || bytes[7] === addProcessor));
  cluster.at(6).join(group, cluster.now);
  until((event) => event.kind === 'added' && event.who === newcomer);
  cluster.send(1, 'safe?', true);
  cluster.run(100);
  if (gone !== undefined) cluster.silent.add(gone);
  cluster.run(200);
  // The second is given it, which nobody knows before they agree on the end of the configuration.
  const late = cluster.lost.filter(({ to }) => to === two);
  cluster.isCut = (from, to, bytes) => (to === newcomer && bytes[7] === regular) || from === two;
  for (const datagram of late) cluster.transmit(datagram);
  until((event) => event.kind === 'convicted' && event.who === gone);
  cluster.isCut = (from, to) => from === newcomer || to === newcomer;
  cluster.run(3_000);
  const told = (cluster.effects[0] ?? []).flatMap(
    (effect): readonly (boolean | readonly ProcessorId[])[] => {
      if (effect.kind === 'view') return [effect.view.members];
      return effect.kind === 'deliver' ? [effect.transitional] : [];
    },
  );
  expect(told.slice(5, 7)).toEqual([[one, two, gone, four, five, newcomer], true]);
});
