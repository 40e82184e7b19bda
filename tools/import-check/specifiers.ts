// Finds what a module imports, by text. It errs on the side of finding too much: an import in a
// comment or a string counts, so that no real one can hide behind either.

export type Import = {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
};

const quoted = `['"]([^'"\\n]+)['"]`;
const importing = new RegExp(
  `(?<![\\w$.'"\`-])(?:from\\s*|import\\s*\\(?\\s*|require\\s*\\(\\s*)${quoted}`,
  'g',
);

export function importsOf(source: string): readonly Import[] {
  return [...source.matchAll(importing)].map((match) => ({
    specifier: match[1] ?? '',
    line: source.slice(0, match.index).split('\n').length,
    typeOnly: match[0].startsWith('from') && isTypeOnly(source.slice(0, match.index)),
  }));
}

/** Judges the statement that the text before its `from` ends with. */
function isTypeOnly(before: string): boolean {
  const start = Math.max(
    ...['import', 'export'].map((word) => `\n${before}`.lastIndexOf(`\n${word} `)),
  );
  return start !== -1 && /^(import|export) type\b/.test(before.slice(start));
}
