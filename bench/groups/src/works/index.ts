import type { Work } from '../work.ts';
import { bundle } from './bundle.ts';
import { fanOut, smallFanOut } from './fan-out.ts';
import { idle } from './idle.ts';
import { publishers } from './publishers.ts';
import { rooms } from './rooms.ts';
import { stalled } from './stalled.ts';
import { storms } from './storm.ts';

export const works: readonly Work[] = [
  fanOut,
  smallFanOut,
  rooms,
  publishers,
  ...storms,
  stalled,
  idle,
  bundle,
];
