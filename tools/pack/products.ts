// What is packed for other projects.

export type Product = {
  /** Its package in this repository. */
  readonly name: 'client' | 'process-group';
  /** Packages that it carries inside. */
  readonly inside: readonly string[];
  /** What an application may import. */
  readonly entries: readonly string[];
  /** How it is compiled, in this folder. */
  readonly project: string;
  readonly readme: string;
};

/** The client's session is the driver's and the simulator's, so it is no entry; nor is the core of the toolkit. */
export const products: readonly [client: Product, processGroup: Product] = [
  {
    name: 'client',
    inside: ['bytes', 'protocol'],
    entries: ['.', './node', './browser'],
    project: 'tsconfig.json',
    readme: 'client-readme.md',
  },
  {
    name: 'process-group',
    inside: ['bytes', 'ftmp', 'drivers'],
    entries: ['.'],
    project: 'process-group.tsconfig.json',
    readme: 'process-group-readme.md',
  },
];

/** The file that `npm install` takes. */
export function fileOf({ name }: Product): string {
  return `choir-${name}.tgz`;
}
