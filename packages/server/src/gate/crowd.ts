/**
 * How many connections come from one address, and how fast (A8). Pure: time is told.
 *
 * Boundary: this machine is not limited, since whoever is on it has other ways to wear it out; behind a
 * proxy the addresses are those that the proxy saw.
 */
export type CrowdLimits = {
  /** Connections that are open at the same time. */
  readonly perAddressMax: number;
  /** New ones in a second, and how many may come at once after a quiet time. */
  readonly perAddressRate: number;
  readonly perAddressBurst: number;
};

export const defaultCrowdLimits: CrowdLimits = {
  perAddressMax: 512,
  perAddressRate: 64,
  perAddressBurst: 512,
};

type Visitor = { open: number; tokens: number; at: number };

/** Addresses that are remembered though nothing of them is open, before those are dropped. */
const quietMax = 10_000;

export class Crowd {
  readonly #limits: CrowdLimits;
  readonly #visitors = new Map<string, Visitor>();

  constructor(limits: Partial<CrowdLimits> = {}) {
    this.#limits = { ...defaultCrowdLimits, ...limits };
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#visitors.size;
  }

  /** Whether one more connection of this address may come in; if so, it counts until `left`. */
  enters(address: string, now: number): boolean {
    const { perAddressMax, perAddressRate, perAddressBurst } = this.#limits;
    const visitor = this.#visitors.get(address) ?? { open: 0, tokens: perAddressBurst, at: now };
    const earned = ((now - visitor.at) / 1_000) * perAddressRate;
    visitor.tokens = Math.min(visitor.tokens + earned, perAddressBurst);
    visitor.at = now;
    this.#visitors.set(address, visitor);
    if (visitor.open >= perAddressMax || visitor.tokens < 1) return false;
    visitor.open += 1;
    visitor.tokens -= 1;
    if (this.#visitors.size > quietMax) this.#forgetQuiet(now);
    return true;
  }

  left(address: string): void {
    const visitor = this.#visitors.get(address);
    if (visitor !== undefined) visitor.open -= 1;
  }

  /** Those who would be as new by now. If all are still known for a reason, the oldest go. */
  #forgetQuiet(now: number): void {
    const { perAddressRate, perAddressBurst } = this.#limits;
    const afterMs = (perAddressBurst / perAddressRate) * 1_000;
    for (const [address, { open, at }] of this.#visitors) {
      if (open === 0 && now - at >= afterMs) this.#visitors.delete(address);
    }
    for (const [address, { open }] of this.#visitors) {
      if (this.#visitors.size <= quietMax) return;
      if (open === 0) this.#visitors.delete(address);
    }
  }
}
