// Links between the pages of this repository, and where they lead.

export type Link = { readonly line: number; readonly path: string; readonly anchor: string };

/** Those to other places in the repository; what stands in code is no link. */
export function linksOf(markdown: string): readonly Link[] {
  const links: Link[] = [];
  for (const [index, line] of prose(markdown).entries()) {
    const outsideOfCode = line.replaceAll(/`[^`]*`(?!\])/g, '');
    for (const [, target = ''] of outsideOfCode.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor = ''] = target.split('#');
      links.push({ line: index + 1, path, anchor });
    }
  }
  return links;
}

/** The addresses of the headings of a page, as hosts of repositories make them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of prose(markdown)) {
    const title = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (title === undefined) continue;
    const plain = title.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
    const anchor = plain.trim().replaceAll(' ', '-');
    let name = anchor;
    for (let count = 1; anchors.has(name); count += 1) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

/** The lines, with those of code blocks left empty. */
function prose(markdown: string): readonly string[] {
  let fence = '';
  return markdown.split('\n').map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? '';
    if (fence === '' && mark === '') return line;
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    return '';
  });
}
