import { constants, inflateRawSync } from 'node:zlib';

/** Largest member that is looked into, unpacked. A larger one is told apart: nobody can say what is in it. */
const maxUnpackedBytes = 64 * 1024 ** 2;

export interface Members {
  readonly unpacked: readonly Uint8Array[];
  /** Members that could not be unpacked though their head says gzip, and are too large. */
  readonly tooLarge: number;
}

/** What the gzip members in some bytes unpack to, wherever they begin. */
export function gzipMembers(bytes: Uint8Array): Members {
  const unpacked: Uint8Array[] = [];
  let tooLarge = 0;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(head); at >= 0; at = buffer.indexOf(head, at + 1)) {
    const found = unpack(buffer.subarray(at));
    if (found === 'too large') tooLarge++;
    else if (found !== undefined) unpacked.push(found);
  }
  return { unpacked, tooLarge };
}

/** Magic number and the only method there is. */
const head = Buffer.from([0x1f, 0x8b, 0x08]);

/** Bits of the head's flags (RFC 1952, section 2.3.1), and the length of the part that every head has. */
const flags = { headChecksum: 2, extra: 4, name: 8, comment: 16 } as const;
const fixedHeadBytes = 10;

/** The deflated part alone is read: what stands behind the member does not matter, and one that was cut off gives what there is of it. */
function unpack(bytes: Buffer): Uint8Array | 'too large' | undefined {
  try {
    const options = { maxOutputLength: maxUnpackedBytes, finishFlush: constants.Z_SYNC_FLUSH };
    return inflateRawSync(bytes.subarray(headLength(bytes)), options);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : undefined;
  }
}

function headLength(bytes: Buffer): number {
  const set = bytes[3] ?? 0;
  let at = fixedHeadBytes;
  if ((set & flags.extra) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const field of [flags.name, flags.comment]) {
    if ((set & field) !== 0) at = bytes.indexOf(0, at) + 1;
  }
  return (set & flags.headChecksum) === 0 ? at : at + 2;
}
