import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

import { Prefix } from '@nats-io/nkeys';
import { Codec } from '@nats-io/nkeys/lib/codec.js';

import { anchorText, canonicalJson, firstLink, parseAuditRecord, type SignedAnchor } from '../model/audit.ts';
import type { JsonValue } from '../model/json.ts';

/** DER of an Ed25519 public key, up to its 32 bytes (RFC 8410, section 4). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

export interface AnchorVerdict {
  /** Whether the key signed it. */
  readonly signed: boolean;
  /** Whether the chain has the record that it names, with that hash. */
  readonly met: boolean;
}

/** Follows an audit chain record by record. It shares no code with the recorder, and knows of the chain what is published of it. */
export class ChainVerifier {
  readonly #key: KeyObject;
  /** Hash of record n at place n - 1, as found. */
  readonly #hashes: string[] = [];
  #last = 0;

  /** `publicKey` is the nkey that signs the anchors. */
  constructor(publicKey: string) {
    const decoded = Codec.decode(Prefix.User, new TextEncoder().encode(publicKey));
    const raw = decoded.subarray(decoded.length - 32);
    this.#key = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
  }

  get records(): number {
    return this.#hashes.length;
  }

  /** Where in the stream the last record lies that was followed; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Takes the next record of the stream, and its sequence there; whether it follows on the one before. */
  follow(text: string, sequence = this.#last + 1): boolean {
    this.#last = sequence;
    const record = parseAuditRecord(text);
    const previous = this.#hashes.at(-1) ?? firstLink;
    const number = this.#hashes.push(createHash('sha256').update(text).digest('hex'));
    return record !== undefined && record.number === number && record.previous === previous && isCanonical(text);
  }

  anchor(anchor: SignedAnchor): AnchorVerdict {
    const signature = Buffer.from(anchor.signature, 'base64url');
    return {
      signed: verify(null, Buffer.from(anchorText(anchor)), this.#key, signature),
      met: anchor.number === 0 ? anchor.head === firstLink : this.#hashes[anchor.number - 1] === anchor.head,
    };
  }
}

/** Whether a trail is whole: every record follows on the one before, and a signed final anchor names the last of them. */
export function verifyChain(records: readonly string[], anchors: readonly SignedAnchor[], publicKey: string): boolean {
  const verifier = new ChainVerifier(publicKey);
  const linked = records.map((text) => verifier.follow(text)).every(Boolean);
  const verdicts = anchors.map((anchor) => ({ anchor, ...verifier.anchor(anchor) }));
  const last = verdicts.toSorted((a, b) => a.anchor.number - b.anchor.number).at(-1);
  return (
    linked &&
    verdicts.every(({ signed, met }) => signed && met) &&
    last?.anchor.final === true &&
    last.anchor.number === verifier.records
  );
}

function isCanonical(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text) as JsonValue) === text;
  } catch {
    return false;
  }
}
