// What a tutorial asks its reader to do, read from its markdown.
//
// A code block counts when a name stands behind its language: of a file that is to be made (any
// language) or changed (diff), or of the terminal in which a console block takes place.

export type Line =
  /** Begins with `$`: a command for the shell. */
  | { readonly kind: 'command'; readonly text: string }
  /** Begins with `>`: a line for the running program. */
  | { readonly kind: 'typed'; readonly text: string }
  /** `^C` */
  | { readonly kind: 'interrupt' }
  /** `^D` */
  | { readonly kind: 'end' }
  /** `^Z`; the command `fg` lets it go on. */
  | { readonly kind: 'stop' }
  /** `…` alone: whatever is printed here. */
  | { readonly kind: 'elided' }
  /** What is printed; `…` within it stands for anything. */
  | { readonly kind: 'printed'; readonly text: string };

/** Lines that stand next to each other in a file; the old ones are replaced by the new ones. */
export type Change = { readonly before: readonly string[]; readonly after: readonly string[] };

export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'change'; readonly name: string; readonly change: Change }
  | { readonly kind: 'session'; readonly terminal: string; readonly lines: readonly Line[] };

const block = /^```(\S+) (\S+)\n([\s\S]*?)^```$/gm;

export function stepsOf(markdown: string): readonly Step[] {
  return [...markdown.matchAll(block)].map(([, language = '', name = '', text = '']) => {
    if (language === 'console') return { kind: 'session', terminal: name, lines: linesOf(text) };
    if (language === 'diff') return { kind: 'change', name, change: changeOf(text) };
    return { kind: 'file', name, text };
  });
}

/** The text with a change made; fails unless there is exactly one place for it. */
export function changed(text: string, { before, after }: Change): string {
  const [old, fresh] = [before, after].map((lines) => `\n${lines.join('\n')}\n`);
  const places = `\n${text}`.split(old ?? '');
  if (places.length !== 2) throw new Error(`There are ${places.length - 1} places for:${old}`);
  return places.join(fresh).slice(1);
}

function changeOf(text: string): Change {
  const lines = split(text);
  const without = (sign: string) =>
    lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  return { before: without('+'), after: without('-') };
}

function linesOf(text: string): readonly Line[] {
  return split(text).map((line) => {
    if (line.startsWith('$ ')) return { kind: 'command', text: line.slice(2) };
    if (line.startsWith('> ')) return { kind: 'typed', text: line.slice(2) };
    if (line === '^C') return { kind: 'interrupt' };
    if (line === '^D') return { kind: 'end' };
    if (line === '^Z') return { kind: 'stop' };
    return line === '…' ? { kind: 'elided' } : { kind: 'printed', text: line };
  });
}

function split(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}
