/** Packets of the internet protocol, versions 4 and 6: whose, for whom, and what is in them. */

export type InternetPacket = {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Buffer;
  /** Where the payload stands in the whole; null when it is the whole. */
  readonly fragment: Fragment | null;
};

export type Fragment = {
  /** Of all fragments of one packet, between two addresses. */
  readonly id: string;
  /** Bytes before it. */
  readonly offset: number;
  readonly isLast: boolean;
};

const fragmentHeader = 44;
/** Headers between that of IPv6 and the payload: hop by hop, routing, destination options. */
const passed: ReadonlySet<number> = new Set([0, 43, 60]);
const headersMax = 8;

/** Null for what is not whole in its headers. */
export function readInternet(bytes: Buffer): InternetPacket | null {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return readFour(bytes);
  return version === 6 ? readSix(bytes) : null;
}

function readFour(bytes: Buffer): InternetPacket | null {
  const headerBytes = 4 * ((bytes[0] ?? 0) & 15);
  if (headerBytes < 20 || bytes.length < headerBytes) return null;
  // 0 where the network card was to cut it.
  const total = bytes.readUInt16BE(2) || bytes.length;
  if (total < headerBytes) return null;
  const place = bytes.readUInt16BE(6);
  const [offset, isLast] = [8 * (place & 0x1fff), (place & 0x2000) === 0];
  const protocol = bytes[9] ?? 0;
  const [source, destination] = [
    fourText(bytes.subarray(12, 16)),
    fourText(bytes.subarray(16, 20)),
  ];
  const id = `${protocol} ${bytes.readUInt16BE(4)}`;
  const fragment = offset === 0 && isLast ? null : { id, offset, isLast };
  const payload = bytes.subarray(headerBytes, total);
  return { source, destination, protocol, payload, fragment };
}

function readSix(bytes: Buffer): InternetPacket | null {
  if (bytes.length < 40) return null;
  const [source, destination] = [sixText(bytes.subarray(8, 24)), sixText(bytes.subarray(24, 40))];
  const end = 40 + (bytes.readUInt16BE(4) || bytes.length);
  let protocol = bytes[6] ?? 0;
  let fragment: Fragment | null = null;
  let at = 40;
  for (let headers = 0; headers < headersMax; headers += 1) {
    if (passed.has(protocol)) {
      if (at + 2 > bytes.length) return null;
      protocol = bytes[at] ?? 0;
      at += 8 * ((bytes[at + 1] ?? 0) + 1);
    } else if (protocol === fragmentHeader) {
      if (at + 8 > bytes.length) return null;
      protocol = bytes[at] ?? 0;
      const place = bytes.readUInt16BE(at + 2);
      const [offset, isLast] = [place & 0xfff8, (place & 1) === 0];
      const id = `${bytes.readUInt32BE(at + 4)}`;
      fragment = offset === 0 && isLast ? null : { id, offset, isLast };
      at += 8;
    } else {
      return { source, destination, protocol, payload: bytes.subarray(at, end), fragment };
    }
  }
  return null;
}

function fourText(bytes: Buffer): string {
  return bytes.join('.');
}

/** The form of RFC 5952: no leading zeros, the longest run of zero groups as `::`. */
function sixText(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index));
  const written = groups.map((group) => group.toString(16)).join(':');
  let longest = '';
  for (const [run] of `:${written}:`.matchAll(/:(?:0:){2,}/g)) {
    if (run.length > longest.length) longest = run;
  }
  if (longest === '') return written;
  const framed = `:${written}:`;
  const at = framed.indexOf(longest);
  const before = framed.slice(1, at);
  const after = framed.slice(at + longest.length, -1);
  return `${before}::${after}`;
}
