import type { SharedWork } from '../work.ts';
import { cut, kill } from './failures.ts';
import { latency } from './latency.ts';
import { throughputs } from './throughput.ts';

/** What both FTMP and the toolkit are held against corosync by. */
export const sharedWorks: readonly SharedWork[] = [...throughputs, latency, kill, cut];
