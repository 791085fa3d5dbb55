import { crc32 } from 'node:zlib';

/**
 * A journal is the magic bytes and then frames, little-endian: u32 payload bytes, u32 CRC-32 of the rest of the frame (that length
 * first), u8 kind, u8 table, u16 zero, u32 trial, payload, zeros to a multiple of 8. Columns therefore lie aligned and are read in
 * place.
 */
export const magic = Buffer.from('BUSWJNL1', 'latin1');
export const frameHeaderBytes = 16;

export const frameKinds = { run: 1, trial: 2, texts: 3, rows: 4, trialEnd: 5, runEnd: 6 } as const;

/** Largest payload of rows in one frame: what a 32-bit length and one buffer hold with room to spare. */
export const maxPayloadBytes = 1 << 28;

export interface Frame {
  readonly kind: number;
  readonly table: number;
  readonly trial: number;
  readonly payload: Buffer;
  /** Offset of the frame in the file. */
  readonly offset: number;
}

export function encodeFrame(kind: number, table: number, trial: number, payload: Uint8Array): readonly Uint8Array[] {
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt8(kind, 8);
  header.writeUInt8(table, 9);
  header.writeUInt32LE(trial, 12);
  header.writeUInt32LE(checksum(header, payload), 4);
  return [header, payload, Buffer.alloc(padding(payload.length))];
}

/** The frame at an offset, or undefined where the file ends within it or its checksum is wrong. */
export function decodeFrame(file: Buffer, offset: number): Frame | undefined {
  if (offset + frameHeaderBytes > file.length) return undefined;
  const length = file.readUInt32LE(offset);
  const start = offset + frameHeaderBytes;
  const end = start + length + padding(length);
  if (end > file.length) return undefined;
  const payload = file.subarray(start, start + length);
  if (checksum(file.subarray(offset, start), payload) !== file.readUInt32LE(offset + 4)) return undefined;
  if (file.subarray(start + length, end).some((byte) => byte !== 0)) return undefined;
  return {
    kind: file.readUInt8(offset + 8),
    table: file.readUInt8(offset + 9),
    trial: file.readUInt32LE(offset + 12),
    payload,
    offset,
  };
}

export function frameEnd(frame: Frame): number {
  return frame.offset + frameHeaderBytes + frame.payload.length + padding(frame.payload.length);
}

const checksum = (header: Uint8Array, payload: Uint8Array): number =>
  crc32(payload, crc32(header.subarray(8), crc32(header.subarray(0, 4))));

export function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
