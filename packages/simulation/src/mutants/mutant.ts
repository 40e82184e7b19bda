/** One change of one line of product code, and how it is to be caught. */

/** How the mutant is to be caught. */
export type Hunt =
  /** By a seed of a suite that violates the property. */
  | { readonly kind: 'simulate'; readonly suite: string }
  /** By a failing test: properties of the real journal, which the simulator does not run. */
  | { readonly kind: 'vitest'; readonly path: string };

export type Mutant = {
  readonly property: string;
  /** What is broken, as a clause. */
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly hunt: Hunt;
};
