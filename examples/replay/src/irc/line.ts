/**
 * The lines of a channel's raw log, as clients wrote it about 2005:
 *
 *     [11:15] <nick> text
 *     === nick [user@host]  has joined #ubuntu
 *     === nick [user@host]  has left #ubuntu ["Leaving"]
 *     === nick is now known as other
 *     === nick waves                                  (an action)
 *     === mode/#ubuntu [+o nick]  by other            (the server's own)
 */

export type Line =
  | { readonly kind: 'said'; readonly nick: string; readonly text: string }
  | { readonly kind: 'joined'; readonly nick: string }
  | { readonly kind: 'left'; readonly nick: string }
  | { readonly kind: 'renamed'; readonly nick: string; readonly to: string }
  /** An action, when the first word is the nick of somebody present; else the server's own line. */
  | { readonly kind: 'other'; readonly first: string; readonly text: string };

const said = /^\[\d\d:\d\d\] <\s*([^>]+?)\s*> ?(.*)$/;
const joined = /^=== (.+?) +\[[^\]]*@[^\]]*\] +has joined #/;
const left = /^=== (.+?) +\[[^\]]*@[^\]]*\] +has (?:left|quit)\b/;
const renamed = /^=== (.+?) +is now known as (.+?) *$/;

export function readLine(line: string): Line {
  const [, speaker, text] = said.exec(line) ?? [];
  if (speaker !== undefined && text !== undefined) return { kind: 'said', nick: speaker, text };
  const arriving = joined.exec(line)?.[1];
  if (arriving !== undefined) return { kind: 'joined', nick: arriving };
  const leaving = left.exec(line)?.[1];
  if (leaving !== undefined) return { kind: 'left', nick: leaving };
  const [, nick, to] = renamed.exec(line) ?? [];
  if (nick !== undefined && to !== undefined) return { kind: 'renamed', nick, to };
  const first = /^=== (\S+)/.exec(line)?.[1] ?? '';
  return { kind: 'other', first, text: line };
}
