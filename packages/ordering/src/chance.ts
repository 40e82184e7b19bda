/** Luck, for what plays the adversary; the caller seeds it. */
export type Chance = {
  /** Uniform, both ends included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
};

export function pickFrom<T>(luck: Chance, choices: readonly T[]): T | undefined {
  return choices[luck.int(0, Math.max(0, choices.length - 1))];
}
