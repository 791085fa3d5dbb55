import { fromSeed } from '@nats-io/nkeys';
import type { Authenticator } from '@nats-io/transport-node';

import { native } from '../bus/security/keys.ts';
import { Problem } from '../model/errors.ts';

/** The two blocks of a `.creds` file: the user's token, then its seed. */
const blocks = /-{3,}BEGIN [^-\n]*-{3,}\s+(\S+)\s+-{3,}END [^-\n]*-{3,}/g;

/** Logs in with the text of a `.creds` file, signing natively: the library's own signature takes 6 ms a connection. */
export function authenticatorOf(credentials: string): Authenticator {
  const [jwt, seed] = [...credentials.matchAll(blocks)].map((block) => block[1]);
  if (jwt === undefined || seed === undefined) {
    throw new Problem('environment', 'The bus credentials are not the text of a NATS .creds file.', {
      next: 'Give BUS_CREDENTIALS the path of a file with the blocks NATS USER JWT and USER NKEY SEED.',
    });
  }
  const pair = native(fromSeed(new TextEncoder().encode(seed)));
  return (nonce = '') => ({
    jwt,
    nkey: pair.getPublicKey(),
    sig: Buffer.from(pair.sign(new TextEncoder().encode(nonce))).toString('base64url'),
  });
}
