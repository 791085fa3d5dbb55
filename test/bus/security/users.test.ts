import { decode, parseCreds, type User } from '@nats-io/jwt';
import { describe, expect, test } from 'vitest';

import type { UserSpec } from '../../../harness/model/topology.ts';
import { newAccountKey } from '../../../harness/bus/security/keys.ts';
import { mintUser, permissionsOf } from '../../../harness/bus/security/users.ts';

const worker: UserSpec = { name: 'worker', account: 'main', publish: ['a.*'], subscribe: ['b.> workers'] };

describe('the permissions of a user', () => {
  test('are what is listed, and its own inbox', () => {
    expect(permissionsOf(worker)).toEqual({
      pub: { allow: ['a.*'] },
      sub: { allow: ['b.> workers', '_INBOX_worker.>'] },
    });
  });

  test('deny all where nothing is listed, for an empty list would allow all', () => {
    expect(permissionsOf({ ...worker, publish: [], subscribe: [] })).toEqual({
      pub: { deny: ['>'] },
      sub: { allow: ['_INBOX_worker.>'] },
    });
  });

  test('tell the time for an answer in nanoseconds', () => {
    expect(permissionsOf({ ...worker, response: { max: 1, expiresMs: 250 } }).resp).toEqual({
      max: 1,
      ttl: 250_000_000,
    });
  });
});

describe('a minted user', () => {
  test('has credentials that parse, signed by its account', async () => {
    const account = newAccountKey();
    const user = await mintUser('worker', account, permissionsOf(worker));
    const { uc, aid } = await parseCreds(new TextEncoder().encode(user.credentials));
    expect([uc.name, aid]).toEqual(['worker', account.getPublicKey()]);
    expect(uc.nats).toMatchObject(permissionsOf(worker));
  });

  test('answers a challenge with its token and a signature', async () => {
    const user = await mintUser('worker', newAccountKey());
    const answer = user.authenticator('challenge') as { jwt: string; nkey: string; sig: string };
    expect(decode<User>(answer.jwt).sub).toBe(answer.nkey);
    expect(Buffer.from(answer.sig, 'base64url')).toHaveLength(64);
  });
});
