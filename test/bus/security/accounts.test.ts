import { decode, type Account } from '@nats-io/jwt';
import { describe, expect, test } from 'vitest';

import { mintNamespace } from '../../../harness/bus/security/accounts.ts';
import { mintOperator } from '../../../harness/bus/security/operator.ts';

const operator = await mintOperator();
const spec = { users: [], requestSubjects: [{ subject: 'check', latencySubject: 'latency.check' }] };

async function accounts(limits = {}): Promise<readonly Partial<Account>[]> {
  const minted = await mintNamespace(operator, { ...spec, limits });
  return minted.accounts.map(({ token }) => decode<Account>(token).nats);
}

describe('the accounts of a namespace', () => {
  test('are new every time, and signed by the operator', async () => {
    const [one, two] = [await mintNamespace(operator, spec), await mintNamespace(operator, spec)];
    const all = [...one.accounts, ...two.accounts];
    expect(new Set(all.map(({ publicKey }) => publicKey)).size).toBe(4);
    for (const { token } of all) expect(decode(token).iss).toBe(operator.key.getPublicKey());
  });

  test('are joined by request subjects, exported from the answerers to the main account', async () => {
    const [answerers, main] = await accounts();
    expect(answerers?.exports?.map(({ subject, type }) => [subject, type])).toEqual([
      ['check', 'service'],
      ['latency.check', 'stream'],
    ]);
    expect(main?.imports?.map(({ subject, type }) => [subject, type])).toEqual([
      ['check', 'service'],
      ['latency.check', 'stream'],
    ]);
  });

  test('have the bounds asked for, and none where none is', async () => {
    const [answerers] = await accounts({ streams: 3, diskBytes: 1024 });
    expect(answerers?.limits).toMatchObject({
      streams: 3,
      disk_storage: 1024,
      mem_storage: -1,
      consumer: -1,
      conn: -1,
    });
  });
});
