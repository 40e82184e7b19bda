/** From the packet of a link to the packet of the internet protocol in it. */

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8]);
const vlansMax = 4;

/** LINKTYPE numbers: where the internet protocol begins, or null where there is none. */
const links: ReadonlyMap<number, (bytes: Buffer) => number | null> = new Map<
  number,
  (bytes: Buffer) => number | null
>([
  [0, (bytes) => familyAt(bytes, bytes.length >= 4 ? bytes.readUInt32LE() : 0)],
  [1, (bytes) => etherTypeAt(bytes, 12)],
  [101, () => 0],
  [108, (bytes) => familyAt(bytes, bytes.length >= 4 ? bytes.readUInt32BE() : 0)],
  [113, (bytes) => etherTypeAt(bytes, 14)],
  [228, () => 0],
  [229, () => 0],
  [276, (bytes) => (etherTypeAt(bytes, 0) === null ? null : 20)],
]);

/** Whether packets of this link type can be read at all. */
export function isLinkKnown(linkType: number): boolean {
  return links.has(linkType);
}

/** The packet of the internet protocol; null when it is something else. */
export function internetPacket(linkType: number, bytes: Buffer): Buffer | null {
  const at = links.get(linkType)?.(bytes) ?? null;
  return at === null || at >= bytes.length ? null : bytes.subarray(at);
}

/** Behind a type of Ethernet, and the tags of virtual networks before it. */
function etherTypeAt(bytes: Buffer, from: number): number | null {
  for (let at = from; at <= from + 4 * vlansMax && at + 2 <= bytes.length; at += 4) {
    const type = bytes.readUInt16BE(at);
    if (type === etherTypes.ipv4 || type === etherTypes.ipv6) return at + 2;
    if (!vlanTypes.has(type)) return null;
  }
  return null;
}

/** Loopback of BSD: a family, in the byte order of the machine that captured, then the packet. */
function familyAt(bytes: Buffer, family: number): number | null {
  const known = [2, 24, 28, 30];
  const swapped = bytes.length >= 4 ? bytes.readUInt32BE() : 0;
  return known.includes(family) || known.includes(swapped) ? 4 : null;
}
