// Gates that talk to each other without a network, in virtual time.
import { randomBytes } from 'node:crypto';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { SealedGate } from '../../src/envelope/sealed-gate.ts';
import type { ClusterKey } from '../../src/keys.ts';

export function newKey(id: number): ClusterKey {
  return { id, key: randomBytes(32) };
}

/** A network of gates, each at a port; what they reply is delivered at once, if the network is open. */
export class Wire {
  now = 1_000;
  isOpen = true;
  readonly #ends = new Map<number, End>();

  end(keys: readonly ClusterKey[]): End {
    const end = new End(this, this.#ends.size + 1, keys);
    this.#ends.set(end.port, end);
    return end;
  }

  deliver(datagram: Uint8Array, from: number, to: number): void {
    this.#ends.get(to)?.arrive(datagram, from);
  }
}

export class End {
  readonly port: number;
  readonly gate: SealedGate;
  /** Messages that were passed up, as text. */
  readonly passed: string[] = [];
  readonly replies: Uint8Array[] = [];
  readonly #wire: Wire;

  constructor(wire: Wire, port: number, keys: readonly ClusterKey[]) {
    this.#wire = wire;
    this.port = port;
    const passage = {
      pass: (message: Uint8Array) => this.passed.push(Buffer.from(message).toString()),
      reply: (datagram: Uint8Array, to: { readonly port: number }) => {
        this.replies.push(datagram);
        if (wire.isOpen) wire.deliver(datagram, port, to.port);
      },
    };
    this.gate = new SealedGate(passage, new KeyRing(keys), () => wire.now);
  }

  seal(message: string): Uint8Array {
    return this.gate.seal(Buffer.from(message));
  }

  send(message: string, to: End): Uint8Array {
    const datagram = this.seal(message);
    to.arrive(datagram, this.port);
    return datagram;
  }

  arrive(datagram: Uint8Array, from: number): void {
    this.gate.arrive(datagram, { address: '127.0.0.1', port: from }, this.#wire.now);
  }

  refused(reason: string): number {
    return this.gate.refused.get(reason) ?? 0;
  }
}
