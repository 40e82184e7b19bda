/** What stands between a process and its group. */
export type Obstacle =
  /** Nobody of the group has said anything. */
  | { readonly kind: 'silence' }
  /** FTMP has not let it in, and said why. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Another member has its label. */
  | { readonly kind: 'label' }
  /** It is in the group of FTMP, and has no state yet. */
  | { readonly kind: 'state' }
  /** As before, and a majority is gone meanwhile. */
  | { readonly kind: 'minority' };
