// What a bridge between hosts does to their packets, as a script for nft.
//
// Only IP is touched. Neighbours are still found, so that a link that is cut one way carries the other
// way, and one that is healed carries at once.

/** `from` and `to` are interfaces of the bridge. */
export type Cut = { readonly from: string; readonly to: string };

export type LinkState = {
  /** Of every packet to every host, 0 to 100, in steps of 0.01. */
  readonly lossPercent: number;
  /** Nothing gets through these. */
  readonly cuts: readonly Cut[];
};

export const untouched: LinkState = { lossPercent: 0, cuts: [] };

const table = 'bridge choir';
const stepsPerPercent = 100;

/** A script that puts the state in force at once, whatever was in force before. */
export function scriptFor({ lossPercent, cuts }: LinkState): string {
  const drops = cuts.map(({ from, to }) => `iifname "${from}" oifname "${to}" drop`);
  const lost = Math.round(lossPercent * stepsPerPercent);
  if (lost > 0) drops.push(`numgen random mod ${100 * stepsPerPercent} < ${lost} drop`);
  return [
    `add table ${table}`,
    `add chain ${table} links { type filter hook forward priority 0; policy accept; }`,
    `flush chain ${table} links`,
    ...drops.map((drop) => `add rule ${table} links ether type { ip, ip6 } ${drop}`),
    '',
  ].join('\n');
}
