/** What members do. */
export const operationNames = ['multicast', 'direct', 'request', 'map', 'lock', 'noise'] as const;

export type OperationName = (typeof operationNames)[number];
