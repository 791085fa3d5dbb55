import { createHash } from 'node:crypto';
import type { PlannedContent } from '../../model/workload.ts';
import { bytesFrom } from '../random.ts';

/** Bytes a chunk of generated content has; what is held in memory at once. */
const chunkBytes = 64 * 1024;

/**
 * The true bytes of a claim-check content: those that were given; else one random chunk, repeated with a counter added to the front of
 * each, so that order matters.
 */
export async function* contentOf(spec: PlannedContent): AsyncGenerator<Uint8Array> {
  for (const chunk of chunksOf(spec)) yield await Promise.resolve(chunk);
}

function* chunksOf(spec: PlannedContent): Generator<Uint8Array> {
  if (spec.body !== undefined) {
    const given = Buffer.from(spec.body, 'base64');
    for (let at = 0; at < given.length; at += chunkBytes) yield given.subarray(at, at + chunkBytes);
    return;
  }
  const pattern = bytesFrom(spec.seed, Math.min(chunkBytes, spec.bytes));
  for (let sent = 0, counter = 0; sent < spec.bytes; counter++) {
    const chunk = Buffer.from(pattern.subarray(0, Math.min(chunkBytes, spec.bytes - sent)));
    if (chunk.length >= 4) chunk.writeUInt32LE((chunk.readUInt32LE(0) + counter) >>> 0, 0);
    sent += chunk.length;
    yield chunk;
  }
}

/** Digests that were asked for: of one content the manifest's, its receivers' and the store's are compared. */
const digests = new WeakMap<PlannedContent, string>();

/** SHA-256 of the true bytes, in hex, as the manifest has it. */
export function digestOf(spec: PlannedContent): string {
  const known = digests.get(spec) ?? hashOf(spec);
  digests.set(spec, known);
  return known;
}

function hashOf(spec: PlannedContent): string {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(spec)) hash.update(chunk);
  return hash.digest('hex');
}
