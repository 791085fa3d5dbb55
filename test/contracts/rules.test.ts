import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleHolds, withCheckCharacter } from '../../harness/model/rules.ts';

const alphabet = 'ZABCDEFGHJKLMNPQRTUVWXY';
const plain = { rule: 'check-character', field: '/asn', alphabet } as const;
/** Force and system, then year, then sequence. */
const asn = {
  ...plain,
  slices: [
    [2, -12],
    [0, 2],
    [-12, -1],
  ],
} as const;

describe('the check character', () => {
  it('of the public sample of an arrest summons number holds', () => {
    expect(ruleHolds(asn, { asn: '1101ZD0100000448754K' }, {})).toBe(true);
    expect(ruleHolds(plain, { asn: '1101ZD0100000448754K' }, {})).toBe(false);
  });

  it('is that of the whole number, however many digits it has', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (number) => {
        const slow = String(number)
          .split('')
          .reduce((rest, digit) => (rest * 10 + Number(digit)) % alphabet.length, 0);
        expect(withCheckCharacter(`${String(number)}?`, plain)).toBe(`${String(number)}${alphabet[slow] ?? ''}`);
      }),
    );
  });

  it('notices every other last character, and every change of one digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}$/), fc.nat(16), fc.integer({ min: 1, max: 9 }), (text, at, by) => {
        const right = withCheckCharacter(`${text}?`, asn);
        for (const other of alphabet) expect(ruleHolds(asn, { asn: text + other }, {})).toBe(text + other === right);
        const changed = text
          .split('')
          .with(at, String((Number(text[at]) + by) % 10))
          .join('');
        expect(ruleHolds(asn, { asn: changed + (right ?? '').slice(-1) }, {})).toBe(false);
      }),
    );
  });

  it('is wrong where there are no digits, or no text', () => {
    expect(ruleHolds(asn, { asn: 'Z' }, {})).toBe(false);
    expect(ruleHolds(asn, { asn: '' }, {})).toBe(false);
    expect(ruleHolds(asn, { asn: 7 }, {})).toBe(false);
    expect(ruleHolds(asn, {}, {})).toBe(true);
  });
});

describe('equals-header', () => {
  const rule = { rule: 'equals-header', field: '/seq', header: 'ce-sequence' } as const;

  it('compares a number as JSON writes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), (seq) => {
        expect(ruleHolds(rule, { seq }, { 'ce-sequence': JSON.stringify(seq) })).toBe(true);
        expect(ruleHolds(rule, { seq }, { 'ce-sequence': `${JSON.stringify(seq)} ` })).toBe(false);
      }),
    );
  });

  it('does not hold without the header, nor for what is no scalar', () => {
    expect(ruleHolds(rule, { seq: 1 }, {})).toBe(false);
    expect(ruleHolds(rule, { seq: [1] }, { 'ce-sequence': '1' })).toBe(false);
    expect(ruleHolds(rule, { seq: null }, { 'ce-sequence': 'null' })).toBe(false);
  });
});

describe('not-before', () => {
  const rule = { rule: 'not-before', field: '/visits/*/left', other: '/opened' } as const;
  const at = (ms: number): string => new Date(ms).toISOString();

  it('is about instants, whatever their offsets', () => {
    const simple = { rule: 'not-before', field: '/a', other: '/b' } as const;
    expect(ruleHolds(simple, { a: '2026-03-05T14:00:00+00:00', b: '2026-03-05T14:30:00+01:00' }, {})).toBe(true);
    expect(ruleHolds(simple, { a: '2026-03-05T14:00:00+01:00', b: '2026-03-05T13:30:00+00:00' }, {})).toBe(false);
    expect(ruleHolds(simple, { a: '2026-03-05T14:00:00', b: '2026-03-05T13:30:00+00:00' }, {})).toBe(false);
    expect(ruleHolds(simple, { a: '2026-03-05T14:00:00Z' }, {})).toBe(true);
  });

  it('holds where every time found is at or after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), fc.nat(10_000), (left, opened) => {
        const payload = { opened: at(opened), visits: left.map((ms) => ({ left: at(ms) })) };
        expect(ruleHolds(rule, payload, {})).toBe(left.every((ms) => ms >= opened));
      }),
    );
  });
});

describe('count and sum', () => {
  const count = { rule: 'count', field: '/count', of: '/items/*' } as const;
  const sum = { rule: 'sum', field: '/total', of: '/items/*/bytes' } as const;

  it('hold for the number and the total of the items, and for no other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer(), (bytes, off) => {
        const items = bytes.map((value) => ({ bytes: value }));
        const total = bytes.reduce((all, value) => all + value, 0);
        expect(ruleHolds(count, { items, count: bytes.length + off }, {})).toBe(off === 0);
        expect(ruleHolds(sum, { items, total: total + off }, {})).toBe(off === 0);
      }),
    );
  });

  it('do not hold beyond exact whole numbers', () => {
    expect(ruleHolds(sum, { items: [{ bytes: 0.5 }, { bytes: 0.5 }], total: 1 }, {})).toBe(false);
    expect(ruleHolds(sum, { items: [{ bytes: Number.MAX_SAFE_INTEGER }, { bytes: 2 }], total: 2 ** 53 + 1 }, {})).toBe(
      false,
    );
  });
});
