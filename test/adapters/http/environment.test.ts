import { resolve } from 'node:path';
import { expect, test } from 'vitest';

import { readContract } from '../../../harness/adapters/reference/typescript/contract.ts';
import { readEnvironment } from '../../../harness/adapters/reference/typescript/environment.ts';

const good = {
  CONTRACT: resolve(import.meta.dirname, '../../../contracts/custody-task/asyncapi.yaml'),
  SERVICE: 'custody-task',
  APPLICATION: 'custody',
  ROLE: 'provider',
  BUS_URL: 'nats://127.0.0.1:4222',
  INBOX_PREFIX: '_INBOX_custody',
  LISTEN_PORT: '8080',
  APPLICATION_URL: 'http://127.0.0.1:8081',
};

test('the environment of ADAPTERS.md is enough', async () => {
  const environment = readEnvironment(good);
  expect(environment.bus).toEqual({ url: 'nats://127.0.0.1:4222', inboxPrefix: '_INBOX_custody' });
  expect((await readContract(environment)).name).toBe('custody-task');
});

test('PEM files count with tls:// only', () => {
  const files = { BUS_CA: import.meta.filename };
  expect(readEnvironment({ ...good, ...files }).bus.tls).toBeUndefined();
  const { tls } = readEnvironment({ ...good, ...files, BUS_URL: 'tls://a:1, tls://b:1' }).bus;
  expect(tls?.ca).toContain('PEM files count');
});

test.each([
  ['BUS_URL', '', 'BUS_URL is not set'],
  ['BUS_URL', 'http://x', 'BUS_URL is not nats'],
  ['CONTRACT', '/nowhere/asyncapi.yaml', 'the folder cannot be read'],
  ['CONTRACT', '/nowhere/other.yaml', 'CONTRACT is not the path of an asyncapi.yaml'],
  ['SERVICE', 'other', 'SERVICE is other'],
  ['APPLICATION', 'other', 'APPLICATION other is not named'],
  ['ROLE', 'consumer', 'ROLE is consumer'],
  ['INBOX_PREFIX', '', 'INBOX_PREFIX is not set'],
  ['BUS_CREDENTIALS', '/nowhere/bus.creds', 'the file of BUS_CREDENTIALS cannot be read (ENOENT)'],
  ['LISTEN_PORT', '70000', 'LISTEN_PORT is not a port'],
  ['APPLICATION_URL', 'here', 'APPLICATION_URL is not an http:// URL'],
])('%s=%j is a mistake with a name', async (name, value, said) => {
  const reading = async () => await readContract(readEnvironment({ ...good, [name]: value }));
  await expect(reading()).rejects.toThrow(said);
});
