/**
 * How much of a group may be on its way from the application to the processor. Room is given back in parts, so that it costs
 * few messages between the threads; a part is less than the whole, so that whoever waits is told.
 *
 * All of it is latency under full load, since each message waits behind it, and none of it throughput, once the thread has
 * something to do until it is told of more: four times as much has the same throughput (docs/benchmarks.md).
 */
export const room = {
  messages: 4_096,
  bytes: 1024 * 1024,
  least: { messages: 1_024, bytes: 128 * 1024 },
} as const;
