/** The version that `hello` names; it changes when an older peer could not understand a newer one. */
export const PROTOCOL_VERSION = 1;

/** Names for `Sec-WebSocket-Protocol`: the client offers those it speaks, the server picks one. */
export const subprotocols = { binary: 'choir.1.binary', json: 'choir.1.json' } as const;

export type Subprotocol = (typeof subprotocols)[keyof typeof subprotocols];
