import { encodeAccount, type Account, type Export, type Import } from '@nats-io/jwt';
import type { KeyPair } from '@nats-io/nkeys';

import { noticeSubject } from '../../model/names.ts';
import type { RequestSubjectSpec } from '../../model/topology.ts';
import { newAccountKey } from './keys.ts';
import { unlimited, type Operator } from './operator.ts';
import { admin, answerersAdmin, type AccountLimits, type NamespaceSpec } from './spec.ts';
import { mintUser, permissionsOf, type User } from './users.ts';

/** The two accounts of a namespace and everybody in them, minted and not yet known to a server. */
export interface MintedNamespace {
  readonly accounts: readonly MintedAccount[];
  readonly users: ReadonlyMap<string, User>;
}

export interface MintedAccount {
  readonly publicKey: string;
  readonly token: string;
}

/** Mints a namespace: two accounts joined by the request subjects, the users asked for, and the harness's two admins. */
export async function mintNamespace(operator: Operator, spec: NamespaceSpec): Promise<MintedNamespace> {
  const keys = { main: newAccountKey(), answerers: newAccountKey() };
  const limits = limitsOf(spec.limits ?? {});
  const notices = spec.users.filter((user) => user.account === 'answerers').map((user) => noticeSubject(user.name));
  const account = async (name: string, key: KeyPair, claims: Partial<Account>): Promise<MintedAccount> => ({
    publicKey: key.getPublicKey(),
    token: await encodeAccount(name, key, { limits, ...claims }, { signer: operator.key }),
  });
  const [accounts, users] = await Promise.all([
    Promise.all([
      account('answerers', keys.answerers, {
        exports: spec.requestSubjects.flatMap(exportsOf),
        imports: notices.map((subject) => ({ ...noticeService(subject), account: keys.main.getPublicKey() })),
      }),
      account('main', keys.main, {
        exports: notices.map((subject) => ({ ...noticeService(subject), response_type: 'Singleton' })),
        imports: spec.requestSubjects.flatMap((request) => importsOf(request, keys.answerers.getPublicKey())),
      }),
    ]),
    Promise.all([
      mintUser(admin, keys.main),
      mintUser(answerersAdmin, keys.answerers),
      ...spec.users.map((user) => mintUser(user.name, keys[user.account], permissionsOf(user))),
    ]),
  ]);
  return { accounts, users: new Map(users.map((user) => [user.name, user])) };
}

/**
 * The requests, and beside them the server's report on each request that carries a sampled `traceparent`: with a
 * percentage in place of `headers` it would report every request, but without the header that joins it to its request.
 */
function exportsOf({ subject, latencySubject }: RequestSubjectSpec): Export[] {
  const service_latency = { sampling: 'headers', results: latencySubject };
  return [
    { name: subject, subject, type: 'service', response_type: 'Singleton', service_latency },
    { name: latencySubject, subject: latencySubject, type: 'stream' },
  ];
}

function importsOf({ subject, latencySubject }: RequestSubjectSpec, account: string): Import[] {
  return [
    { name: subject, subject, account, type: 'service' },
    { name: latencySubject, subject: latencySubject, account, type: 'stream' },
  ];
}

/** Answerers report to the stream of notices, which is in the main account, and await its acknowledgement. */
const noticeService = (subject: string) => ({ name: subject, subject, type: 'service' }) as const;

function limitsOf(limits: AccountLimits): NonNullable<Account['limits']> {
  return {
    ...unlimited,
    conn: limits.connections ?? -1,
    mem_storage: limits.memoryBytes ?? -1,
    disk_storage: limits.diskBytes ?? -1,
    streams: limits.streams ?? -1,
    consumer: limits.consumers ?? -1,
    max_ack_pending: -1,
    mem_max_stream_bytes: -1,
    disk_max_stream_bytes: -1,
    max_bytes_required: false,
  };
}
