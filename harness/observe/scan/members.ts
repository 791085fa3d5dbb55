import { gunzipSync } from 'node:zlib';

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

function unpack(bytes: Uint8Array): Uint8Array | 'too large' | undefined {
  try {
    // Bytes behind the member's end are ignored; a member that is cut off gives what there is of it.
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes, finishFlush: 2 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'too large';
    return undefined;
  }
}
