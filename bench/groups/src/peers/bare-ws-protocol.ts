/** What the first byte of a frame says. After it: a room (its length, then its name), then the payload. */
export const bareWs = { join: 1, publish: 2, echo: 3 } as const;
