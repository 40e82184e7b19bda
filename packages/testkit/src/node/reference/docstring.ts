/** What a docstring says: its text, and what its tags add. */

export type Docstring = {
  readonly text: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly returns: string;
  readonly throws: string;
  readonly example: string;
};

const known = ['param', 'returns', 'throws', 'example'];

export function docstringOf(doc: string): Docstring {
  const [text = '', ...tags] = doc.split(/^@/m);
  const found = tags.map((tag) => {
    const [, name = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(tag) ?? [];
    if (!known.includes(name)) throw new Error(`@${name} is not used here:\n${doc}`);
    return { name, rest };
  });
  const of = (wanted: string) => found.filter(({ name }) => name === wanted);
  const joined = (wanted: string) => of(wanted).map(({ rest }) => unfolded(rest));
  return {
    text: unfolded(text),
    parameters: joined('param').map((each) => {
      const [, name = '', rest = ''] = /^(\w+) ([\s\S]*)$/.exec(each) ?? [];
      return { name, text: rest };
    }),
    returns: joined('returns').join(' '),
    throws: joined('throws').join(' '),
    example: of('example')
      .map(({ rest }) => rest.trimEnd())
      .join('\n'),
  };
}

/** Lines of one paragraph become one line. */
function unfolded(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' '))
    .join('\n\n');
}
