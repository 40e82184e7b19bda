/** `docs/protocol/client-server.md` says what the code does. */
import { describe, expect, it } from 'vitest';
import {
  codes,
  encodeJsonMessage,
  encodeMessage,
  fromClient,
  limits,
  subprotocols,
} from '../src/index.ts';
import { freshPage, writtenPage } from './documentation.ts';

const text = writtenPage();

/** The rows of the table under a heading, cell by cell, without the two lines on top. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the page of the protocol', () => {
  it('has fresh tables (else: npm run rewrite -w @choir/protocol)', () => {
    expect(text).toBe(freshPage(text));
  });

  it('explains every code in the same words', () => {
    const rows = rowsUnder('Codes').map(([code, meaning]) => [code?.replaceAll('`', ''), meaning]);
    expect(rows).toEqual(Object.entries(codes));
  });

  it('explains every limit', () => {
    const rows = rowsUnder('Limits').map(([name, value]) => {
      return [name?.replaceAll('`', ''), Number(value?.replaceAll(',', ''))];
    });
    expect(rows).toEqual(Object.entries(limits));
  });

  it('names the sub-protocols', () => {
    for (const name of Object.values(subprotocols)) expect(text).toContain(`\`${name}\``);
  });

  it('shows an example that is right', () => {
    const ping = { kind: 'ping', nonce: 300 } as const;
    expect(text).toContain(`\`${Buffer.from(encodeMessage(fromClient, ping)).toString('hex')}\``);
    expect(text).toContain(`\`${encodeJsonMessage(fromClient, ping)}\``);
  });
});
