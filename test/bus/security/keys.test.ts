import { decode, encodeUser, type User } from '@nats-io/jwt';
import { createAccount, fromPublic, fromSeed } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { native, newAccountKey, newOperatorKey, newUserKey } from '../../../harness/bus/security/keys.ts';

describe('a native key pair', () => {
  test('is the same key as the library makes of its seed', () => {
    for (const make of [newOperatorKey, newAccountKey, newUserKey]) {
      const key = make();
      const library = fromSeed(key.getSeed());
      expect(key.getPublicKey()).toBe(library.getPublicKey());
      expect(Buffer.from(key.getPrivateKey())).toEqual(Buffer.from(library.getPrivateKey()));
    }
  });

  test('signs what the library verifies, and verifies what the library signs', () => {
    const library = createAccount();
    const key = native(library);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(fromPublic(key.getPublicKey()).verify(bytes, key.sign(bytes))).toBe(true);
        expect(key.verify(bytes, library.sign(bytes))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('does not verify other bytes', () => {
    const key = newUserKey();
    expect(key.verify(Buffer.from('b'), key.sign(Buffer.from('a')))).toBe(false);
  });

  test('signs a token that the library takes for genuine', async () => {
    const account = newAccountKey();
    const token = await encodeUser('worker', newUserKey(), account, {});
    expect(decode<User>(token)).toMatchObject({ iss: account.getPublicKey(), name: 'worker' });
  });
});
