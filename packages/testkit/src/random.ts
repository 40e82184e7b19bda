/**
 * Seeded randomness of the simulator (generator: sfc32, 128 bits of state).
 *
 * Invariants:
 * R1 The same seed and the same calls give the same values, on every machine.
 * R2 A fork depends on its parent's seed and on its own name, never on what the parent has drawn:
 *    one more draw in the network changes nothing for the workload.
 */
export class Random {
  /** The seed, and the names of the forks that led here; enough to make this stream again. */
  readonly seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    this.seed = String(seed);
    this.#a = mix(this.seed, 0x9e3779b9);
    this.#b = mix(this.seed, 0x243f6a88);
    this.#c = mix(this.seed, 0xb7e15162);
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  /** An independent stream (R2). Two forks of one name are the same stream: choose distinct names. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  uint32(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform integer, both ends included; the range must be below 2^32. */
  int(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  /** Uniform in [min, max). */
  between(min: number, max: number): number {
    return min + this.unit() * (max - min);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Exponentially distributed: the time to the next of independent events, `mean` apart. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to pick from');
    return choices[this.int(0, choices.length - 1)] as T;
  }

  /** A key, drawn in proportion to its weight; weights of zero are never drawn. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    let total = 0;
    for (const name in weights) total += weights[name];
    if (!(total > 0)) throw new RangeError('every weight is zero');
    let rest = this.unit() * total;
    let last: Name | undefined;
    for (const name in weights) {
      if (weights[name] <= 0) continue;
      last = name;
      rest -= weights[name];
      if (rest < 0) break;
    }
    return last as Name;
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.int(0, last);
      const moved = items[last] as T;
      items[last] = items[other] as T;
      items[other] = moved;
    }
    return items;
  }

  bytes(length: number): Uint8Array {
    const drawn = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) drawn[index] = this.uint32() & 0xff;
    return drawn;
  }
}

/** 32 bits from a text: FNV-1a over its code units, then the finaliser of MurmurHash3. */
function mix(text: string, salt: number): number {
  let hash = salt | 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
