/**
 * How much of a group may be on its way from the application to the processor. Room is given back in parts, so that it costs
 * few messages between the threads; a part is less than the whole, so that whoever waits is told.
 */
export const room = {
  messages: 8_192,
  bytes: 4 * 1024 * 1024,
  least: { messages: 1_024, bytes: 512 * 1024 },
} as const;
