import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

import { createAccount, createOperator, createUser, Prefix, type KeyPair } from '@nats-io/nkeys';
import { Codec } from '@nats-io/nkeys/lib/codec.js';

/** DER of a PKCS #8 Ed25519 private key, up to the 32 bytes of its seed (RFC 8410, section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * An nkey that signs with the runtime's own Ed25519. The library's pure JavaScript needs 6 ms a signature and 3 ms a
 * public key, each time; this needs 0.03 ms, and a namespace takes dozens of both.
 */
class NativeKeyPair implements KeyPair {
  readonly #library: KeyPair;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #publicText: string;
  readonly #secret: Uint8Array;

  constructor(library: KeyPair) {
    this.#library = library;
    const { prefix, buf } = Codec.decodeSeed(library.getSeed());
    const der = Buffer.concat([pkcs8Head, buf]);
    this.#private = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    this.#public = createPublicKey(this.#private);
    const raw = this.#public.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.#publicText = new TextDecoder().decode(Codec.encode(prefix, raw));
    this.#secret = Codec.encode(Prefix.Private, Buffer.concat([buf, raw]));
  }

  getPublicKey(): string {
    return this.#publicText;
  }

  getPrivateKey(): Uint8Array {
    return this.#secret;
  }

  getSeed(): Uint8Array {
    return this.#library.getSeed();
  }

  sign(input: Uint8Array): Uint8Array {
    return sign(null, input, this.#private);
  }

  verify(input: Uint8Array, signature: Uint8Array): boolean {
    return verify(null, input, this.#public, signature);
  }

  clear(): void {
    this.#library.clear();
  }

  seal(input: Uint8Array, recipient: string, nonce?: Uint8Array): Uint8Array {
    return this.#library.seal(input, recipient, nonce);
  }

  open(message: Uint8Array, sender: string): Uint8Array | null {
    return this.#library.open(message, sender);
  }
}

/** The same key pair, signing natively. */
export const native = (pair: KeyPair): KeyPair => new NativeKeyPair(pair);

export const newOperatorKey = (): KeyPair => native(createOperator());
export const newAccountKey = (): KeyPair => native(createAccount());
export const newUserKey = (): KeyPair => native(createUser());
