/** Members and views, as the application is given them. */
import type { ProcessorId } from '@choir/ftmp';

/** A processor that was admitted to the group. */
export type Member = {
  /** A number, which tells a member from its former selves; `memberText` writes it as the command line does. */
  readonly id: ProcessorId;
  /** What it calls itself; no two members of a view have the same. */
  readonly label: string;
};

/** A view of the group (R2, R3). */
export type GroupView = {
  /** 1 for the founder's first view, and one more for each that follows. */
  readonly number: number;
  /** In the order of their admission. */
  readonly members: readonly Member[];
  /** Those of `members` who hold the state, as far as all have heard; the others are being given it, or observe. */
  readonly holders: readonly Member[];
  /** Those of `members` who keep no state (O3). */
  readonly observers: readonly Member[];
  /** Each is told of everything that is said in this view, unless its first transfer failed: then from the place of its state on. */
  readonly joined: readonly Member[];
  /** Those of `joined` whose label was in the group before (R5). */
  readonly returned: readonly Member[];
  /** Went of their own accord. */
  readonly left: readonly Member[];
  /** Were removed by the others. */
  readonly excluded: readonly Member[];
};
