import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { inChunks, measured } from '../../harness/patterns/measured.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });

async function* stream(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const taken: Uint8Array[] = [];
  for await (const part of parts) taken.push(part);
  return taken;
}

test('chunks of one size are the same bytes, however they came', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
      const chunks = await all(inChunks(stream(parts), size));
      expect(Buffer.compare(Buffer.concat(chunks), Buffer.concat(parts))).toBe(0);
      for (const chunk of chunks.slice(0, -1)) expect(chunk).toHaveLength(size);
      for (const chunk of chunks.slice(-1)) expect(chunk.length).toBeGreaterThan(0);
    }),
  );
});

test('what passed is counted and digested, and too much is stopped', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, async (parts) => {
      const whole = Buffer.concat(parts);
      const passing = measured(stream(parts), whole.length);
      await all(passing.content);
      expect(passing.found()).toEqual({
        bytes: whole.length,
        sha256: createHash('sha256').update(whole).digest('hex'),
      });
      if (whole.length === 0) return;
      await expect(all(measured(stream(parts), whole.length - 1).content)).rejects.toThrow(RangeError);
    }),
  );
});
