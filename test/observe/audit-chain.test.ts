import { createHash } from 'node:crypto';

import { createUser } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { native } from '../../harness/bus/security/keys.ts';
import {
  anchorText,
  canonicalJson,
  firstLink,
  type AuditAnchor,
  type SignedAnchor,
} from '../../harness/model/audit.ts';
import { ChainVerifier, verifyChain } from '../../harness/observe/audit-chain.ts';

const key = native(createUser());
const stranger = native(createUser());
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A trail of the ids given. */
function trailOf(ids: readonly string[]): readonly string[] {
  let previous = firstLink;
  return ids.map((id, at) => {
    const text = canonicalJson({
      number: at + 1,
      previous,
      change: 'accepted',
      when: '2026-03-01T12:00:00.000Z',
      flow: 'sample/tasks',
      stream: 'TASKS',
      sequence: at + 1,
      id,
      source: 'urn:sample',
      type: 'Task',
      correlation: '',
      classification: 'OFFICIAL',
      trace: '',
      from: 'source',
      to: ['sink'],
      application: '',
      how: '',
      deliveries: 0,
      reason: '',
    });
    previous = hash(text);
    return text;
  });
}

function signed(anchor: AuditAnchor, by = key): SignedAnchor {
  return { ...anchor, signature: Buffer.from(by.sign(Buffer.from(anchorText(anchor)))).toString('base64url') };
}

/** An anchor over every third record, and the final one. */
function anchorsOf(trail: readonly string[]): readonly SignedAnchor[] {
  const over = (number: number, final: boolean): SignedAnchor =>
    signed({ number, head: number === 0 ? firstLink : hash(trail[number - 1] ?? ''), final });
  const some = trail.flatMap((_, at) => (at % 3 === 2 && at + 1 < trail.length ? [over(at + 1, false)] : []));
  return [...some, over(trail.length, true)];
}

const ids = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 12 });
const verified = (trail: readonly string[], anchors: readonly SignedAnchor[]): boolean =>
  verifyChain(trail, anchors, key.getPublicKey());

describe('an audit trail', () => {
  test('is whole as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 12 }), (given) => {
        const trail = trailOf(given);
        expect(verified(trail, anchorsOf(trail))).toBe(true);
      }),
    );
  });

  test('shows an edit of any character of any record', () => {
    fc.assert(
      fc.property(ids, fc.nat(), fc.nat(), fc.constantFrom('0', 'x', ' ', '"'), (given, record, place, instead) => {
        const trail = trailOf(given);
        const at = record % trail.length;
        const text = trail[at] ?? '';
        const character = place % text.length;
        fc.pre(text[character] !== instead);
        const edited = text.slice(0, character) + instead + text.slice(character + 1);
        expect(verified(trail.with(at, edited), anchorsOf(trail))).toBe(false);
      }),
    );
  });

  test('shows an edit after which everything behind was chained anew', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (given, record) => {
        const at = record % given.length;
        const forged = trailOf(given.with(at, `${given[at] ?? ''}!`));
        expect(verified(forged, anchorsOf(trailOf(given)))).toBe(false);
      }),
    );
  });

  test('shows a record that was taken out, wherever it stood, chained anew or not', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (given, record) => {
        const trail = trailOf(given);
        const at = record % trail.length;
        expect(verified(trail.toSpliced(at, 1), anchorsOf(trail))).toBe(false);
        expect(verified(trailOf(given.toSpliced(at, 1)), anchorsOf(trail))).toBe(false);
      }),
    );
  });

  test('shows a record that was put in, at the end as well', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (given, record) => {
        const trail = trailOf(given);
        const at = record % (trail.length + 1);
        expect(verified(trailOf(given.toSpliced(at, 0, 'new')), anchorsOf(trail))).toBe(false);
        expect(verified(trail.toSpliced(at, 0, trail[0] ?? ''), anchorsOf(trail))).toBe(false);
      }),
    );
  });

  test('shows two records that changed places', () => {
    fc.assert(
      fc.property(ids, fc.nat(), fc.nat(), (given, one, other) => {
        const trail = trailOf(given);
        const [a, b] = [one % trail.length, other % trail.length];
        fc.pre(a !== b);
        expect(verified(trail.with(a, trail[b] ?? '').with(b, trail[a] ?? ''), anchorsOf(trail))).toBe(false);
      }),
    );
  });

  test('shows a tail that was cut, even where no anchor but the final one is over it', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (given, length) => {
        const trail = trailOf(given);
        expect(verified(trail.slice(0, length % trail.length), anchorsOf(trail))).toBe(false);
      }),
    );
  });

  test('shows a cut tail with the anchors over it taken away, for the final one is missed', () => {
    const trail = trailOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(verified(trail.slice(0, 3), anchorsOf(trail).slice(0, 1))).toBe(false);
    expect(verified(trail, [])).toBe(false);
  });

  test('does not take the anchors of another key, nor one that was altered', () => {
    const trail = trailOf(['a', 'b']);
    const final = { number: 2, head: hash(trail[1] ?? ''), final: true };
    expect(verified(trail, [signed(final, stranger)])).toBe(false);
    expect(verified(trail, [{ ...signed({ ...final, final: false }), final: true }])).toBe(false);
    expect(verified(trail, [signed(final)])).toBe(true);
  });

  test('goes on from the record that it followed last, and knows where in the stream that lies', () => {
    const trail = trailOf(['a', 'b', 'c']);
    const verifier = new ChainVerifier(key.getPublicKey());
    expect(verifier.last).toBe(0);
    expect(trail.slice(0, 2).map((text, at) => verifier.follow(text, at + 1))).toEqual([true, true]);
    expect(verifier.last).toBe(2);
    expect(verifier.follow(trail[2] ?? '', 5)).toBe(true);
    expect([verifier.last, verifier.records]).toEqual([5, 3]);
    expect(verifier.follow(trail[2] ?? '', 6)).toBe(false);
  });

  test('says of each anchor whether it was signed and whether the chain meets it', () => {
    const trail = trailOf(['a', 'b']);
    const verifier = new ChainVerifier(key.getPublicKey());
    expect(trail.map((text) => verifier.follow(text))).toEqual([true, true]);
    expect(verifier.anchor(signed({ number: 2, head: hash(trail[1] ?? ''), final: true }))).toEqual({
      signed: true,
      met: true,
    });
    expect(verifier.anchor(signed({ number: 3, head: hash(trail[1] ?? ''), final: true }))).toEqual({
      signed: true,
      met: false,
    });
    expect(verifier.anchor(signed({ number: 1, head: hash(trail[0] ?? ''), final: false }, stranger))).toEqual({
      signed: false,
      met: true,
    });
  });
});
