import type { Work } from '../work.ts';
import { cut, kill } from './failures.ts';
import { latency } from './latency.ts';
import { throughputs } from './throughput.ts';

export const works: readonly Work[] = [...throughputs, latency, kill, cut];
