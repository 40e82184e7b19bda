/** A service behind logical connections (B4), as the application writes it. */

export type ServiceRequest = {
  readonly connection: string;
  /** 1 for the first request of a connection, and one more for each that follows. */
  readonly number: number;
  /** Not to be changed. */
  readonly bytes: Uint8Array;
};

/**
 * Serves a request, at its place in the order. An error ends the membership, as in any replica; the request stays taken, and is given to whoever serves
 * next, until its connection is closed.
 *
 * A service that is a function keeps nothing between two requests on which a reply depends: a server that joins later was not given those before
 * it.
 *
 * @returns the reply, at most 16,760,704 bytes; a longer one fails the call
 */
export type Service = (request: ServiceRequest) => Uint8Array;

/**
 * A service with a state, which follows from the requests that it was given, in their order, and from nothing else. A server that joins is given
 * it by another server; when none is left it is lost, and nobody can serve any more.
 */
export type StatefulService = {
  readonly serve: Service;
  /** The present state, in pieces; they are gone through later, and must not change with the state. */
  readonly snapshot: () => Iterable<Uint8Array>;
  /** Replaces the state. No pieces: as it is before the first request. An error says that these bytes are no state. */
  readonly restore: (pieces: readonly Uint8Array[]) => void;
};
