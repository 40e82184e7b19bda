/** What members do. */
export const operationNames = [
  'multicast',
  'direct',
  'request',
  'map',
  'lock',
  'noise',
  'call',
] as const;

export type OperationName = (typeof operationNames)[number];
