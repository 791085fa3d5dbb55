import { hash } from 'node:crypto';

/** Unkeyed hashes that are tried. */
const algorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const;
/** So much of a digest is compared: a hash that was cut is still one, and 64 bits are not met by chance. */
const comparedBytes = 8;

/** The digests of values that somebody could guess, to be looked for in texts. */
export class DigestDictionary {
  readonly #heads = new Set<string>();

  constructor(candidates: Iterable<string | Uint8Array>) {
    for (const candidate of new Set(candidates)) {
      for (const algorithm of algorithms)
        this.#heads.add(hash(algorithm, candidate, 'hex').slice(0, comparedBytes * 2));
    }
  }

  /** The digests in a text, in hex or base64, that a candidate gives. */
  attack(text: string): readonly string[] {
    const runs = [
      ...[...text.matchAll(/[0-9a-fA-F]{16,}/g)].map(([run]) => ({
        run,
        head: run.slice(0, comparedBytes * 2).toLowerCase(),
      })),
      ...[...text.matchAll(/[A-Za-z0-9+/]{11,}/g)].map(([run]) => ({ run, head: headOf(run, 'base64') })),
      ...[...text.matchAll(/[A-Za-z0-9_-]{11,}/g)].map(([run]) => ({ run, head: headOf(run, 'base64url') })),
    ];
    return [...new Set(runs.filter(({ head }) => this.#heads.has(head)).map(({ run }) => run))];
  }
}

function headOf(run: string, encoding: 'base64' | 'base64url'): string {
  return Buffer.from(run.slice(0, 12), encoding).subarray(0, comparedBytes).toString('hex');
}
