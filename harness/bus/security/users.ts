import { encodeUser, fmtCreds, type Permission, type Permissions } from '@nats-io/jwt';
import type { KeyPair } from '@nats-io/nkeys';
import type { Authenticator } from '@nats-io/transport-node';

import type { UserSpec } from '../../model/topology.ts';
import { newUserKey } from './keys.ts';
import { inboxPrefixOf } from './spec.ts';

/** A minted user: what its client needs to connect. */
export interface User {
  readonly name: string;
  /** the text of a `.creds` file, secret */
  readonly credentials: string;
  /** the same for a client in this process, signing natively */
  readonly authenticator: Authenticator;
}

const nanosPerMs = 1_000_000;

/** The server takes an empty allow list for "everything", so that nothing allowed is said as everything denied. */
function only(subjects: readonly string[]): Partial<Permission> {
  return subjects.length === 0 ? { deny: ['>'] } : { allow: [...subjects] };
}

/** A user may do what its specification lists and receive on its own inbox: nothing else. */
export function permissionsOf(spec: UserSpec): Permissions {
  return {
    pub: only(spec.publish),
    sub: only([...spec.subscribe, `${inboxPrefixOf(spec.name)}.>`]),
    ...(spec.response && { resp: { max: spec.response.max, ttl: spec.response.expiresMs * nanosPerMs } }),
  };
}

/** Mints a user of the account whose key signs. Without permissions it may do all that its account may. */
export async function mintUser(name: string, account: KeyPair, permissions: Permissions = {}): Promise<User> {
  const key = newUserKey();
  const token = await encodeUser(name, key, account, permissions);
  return {
    name,
    credentials: new TextDecoder().decode(fmtCreds(token, key)),
    authenticator: (nonce = '') => ({
      jwt: token,
      nkey: key.getPublicKey(),
      sig: Buffer.from(key.sign(new TextEncoder().encode(nonce))).toString('base64url'),
    }),
  };
}
