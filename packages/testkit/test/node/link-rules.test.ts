import { expect, test } from 'vitest';
import { scriptFor, untouched } from '../../src/node/link-rules.ts';

test('links that nothing is done to have no rule, and lose those they had', () => {
  expect(scriptFor(untouched)).toBe(
    `add table bridge choir
add chain bridge choir links { type filter hook forward priority 0; policy accept; }
flush chain bridge choir links
`,
  );
});

test('cuts and loss hold for IP, not for the search for neighbours', () => {
  const cuts = [{ from: 'host1', to: 'host2' }];
  expect(scriptFor({ lossPercent: 0.25, cuts }).split('\n').slice(3, -1)).toEqual([
    'add rule bridge choir links ether type { ip, ip6 } iifname "host1" oifname "host2" drop',
    'add rule bridge choir links ether type { ip, ip6 } numgen random mod 10000 < 25 drop',
  ]);
});
