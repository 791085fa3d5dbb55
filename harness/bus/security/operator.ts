import { encodeAccount, encodeGeneric, encodeOperator } from '@nats-io/jwt';
import type { KeyPair } from '@nats-io/nkeys';

import { newAccountKey, newOperatorKey } from './keys.ts';
import { mintUser, type User } from './users.ts';

/** The trust root of one started bus; it lives and dies with it. */
export interface Operator {
  readonly key: KeyPair;
  /** for the server's configuration */
  readonly token: string;
  /** the account that takes new accounts in and reports on the server */
  readonly systemAccount: { readonly publicKey: string; readonly token: string };
  readonly systemUser: User;
}

/** Limits left out of an account's token are 0, and 0 is "none", not "no bound". */
export const unlimited = {
  subs: -1,
  data: -1,
  payload: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
} as const;

export async function mintOperator(): Promise<Operator> {
  const key = newOperatorKey();
  const system = newAccountKey();
  const publicKey = system.getPublicKey();
  const [token, systemToken, systemUser] = await Promise.all([
    encodeOperator('busworthy', key, { system_account: publicKey }),
    encodeAccount('SYS', system, { limits: unlimited }, { signer: key }),
    mintUser('system', system),
  ]);
  return { key, token, systemAccount: { publicKey, token: systemToken }, systemUser };
}

/** A token that asks the server to forget accounts. */
export function mintDeletion(operator: Operator, accounts: readonly string[]): Promise<string> {
  return encodeGeneric('delete', operator.key, 'generic', { accounts });
}
