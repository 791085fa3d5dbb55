import { describe, expect, it } from 'vitest';

import { endsWithin } from '../../harness/engine/within.ts';

const never = new Promise<void>(() => undefined);

describe('work with a time limit', () => {
  it('ends within it', async () => {
    expect(await endsWithin(60_000, Promise.resolve())).toBe(true);
  });

  it('is not waited for any longer, whatever holds it up', async () => {
    expect(await endsWithin(1, never)).toBe(false);
  });

  it('rejects as it does', async () => {
    await expect(endsWithin(60_000, Promise.reject(new Error('the bus has gone')))).rejects.toThrow('the bus has gone');
  });
});
