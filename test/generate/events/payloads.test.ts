import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyOf } from '../../../harness/generate/events/body.ts';
import { breakings, closeBreakings } from '../../../harness/generate/events/break-rule.ts';
import { contentOf, digestOf } from '../../../harness/generate/events/content.ts';
import { fulfil } from '../../../harness/generate/events/fulfil.ts';
import { leavesOf, placesOf } from '../../../harness/generate/events/places.ts';
import { randomFrom } from '../../../harness/generate/random.ts';
import type { Rule } from '../../../harness/model/flow.ts';
import type { JsonValue } from '../../../harness/model/json.ts';
import { ruleHolds } from '../../../harness/model/rules.ts';

const headers = { 'ce-id': 'task-7', 'ce-sequence': '12' };
const asn = '1101ZD0100000448754K';
const alphabet = 'ZABCDEFGHJKLMNPQRTUVWXY';

/** A rule of each kind, and a payload in which it holds. */
const rules: readonly { readonly rule: Rule; readonly payload: JsonValue }[] = [
  { rule: { rule: 'equals-header', field: '/taskId', header: 'ce-id' }, payload: { taskId: 'task-7' } },
  { rule: { rule: 'equals-header', field: '/seq', header: 'ce-sequence' }, payload: { seq: 12 } },
  {
    rule: {
      rule: 'check-character',
      field: '/people/*/asn',
      alphabet,
      slices: [
        [2, -12],
        [0, 2],
        [-12, -1],
      ],
    },
    payload: { people: [{ asn }, { asn }] },
  },
  {
    rule: { rule: 'not-before', field: '/to', other: '/from' },
    payload: { from: '2026-03-05T14:00:00+01:00', to: '2026-03-05T13:30:00Z' },
  },
  { rule: { rule: 'count', field: '/count', of: '/items/*' }, payload: { count: 2, items: [1, 2] } },
  {
    rule: { rule: 'sum', field: '/total', of: '/items/*/bytes' },
    payload: { total: 7, items: [{ bytes: 3 }, { bytes: 4 }] },
  },
];

describe.each(rules)('the rule $rule.rule at $rule.field', ({ rule, payload }) => {
  test('holds in its payload, and fulfilling it changes nothing', () => {
    expect(ruleHolds(rule, payload, headers)).toBe(true);
    expect(fulfil(payload, [rule], headers)).toEqual(payload);
  });

  test('can be broken, and is then fulfilled again', () => {
    const broken = breakings(payload, rule).filter((candidate) => !ruleHolds(rule, candidate, headers));
    expect(broken.length).toBeGreaterThan(0);
    for (const candidate of broken) expect(ruleHolds(rule, fulfil(candidate, [rule], headers), headers)).toBe(true);
  });

  test('can be broken closely, too', () => {
    expect(closeBreakings(payload, rule).some((candidate) => !ruleHolds(rule, candidate, headers))).toBe(true);
  });

  test('cannot be broken where its field is not there', () => {
    expect(breakings({}, rule)).toEqual([]);
    expect(closeBreakings({}, rule)).toEqual([]);
  });
});

describe('a rule is broken closely', () => {
  test.each<[Rule, JsonValue, JsonValue]>([
    [{ rule: 'equals-header', field: '/a', header: 'ce-id' }, { a: 'ab1' }, { a: 'AB1' }],
    [
      { rule: 'equals-header', field: '/a', header: 'ce-id' },
      { a: '2026-03-05T14:00:00Z' },
      { a: '2026-03-05T14:00:00+00:00' },
    ],
    [{ rule: 'equals-header', field: '/l/*', header: 'ce-id' }, { l: ['a', 'b'] }, { l: ['a', 'B'] }],
    [
      { rule: 'count', field: '/n', of: '/l/*' },
      { n: 2, l: [1, 2] },
      { n: 1, l: [1, 2] },
    ],
    [
      { rule: 'not-before', field: '/to', other: '/from' },
      { from: '2026-03-05T14:00:00Z', to: '2026-03-05T14:00:00Z' },
      { from: '2026-03-05T14:00:00.001Z', to: '2026-03-05T14:00:00Z' },
    ],
  ])('%j: in the last place, and by as little as can be', (rule, payload, first) => {
    expect(closeBreakings(payload, rule)[0]).toEqual(first);
  });
});

describe('fulfilling rules', () => {
  const at = (hour: number): string => `2026-03-05T${String(hour).padStart(2, '0')}:00:00Z`;

  test('goes on until those hold too whose fields others have moved', () => {
    const chain: readonly Rule[] = [
      { rule: 'not-before', field: '/c', other: '/b' },
      { rule: 'not-before', field: '/b', other: '/a' },
    ];
    const payload = fulfil({ a: at(9), b: at(5), c: at(7) }, chain, {});
    expect(payload).toEqual({ a: at(9), b: at(9), c: at(9) });
  });

  test('takes the latest of several times', () => {
    const rule: Rule = { rule: 'not-before', field: '/end', other: '/starts/*' };
    expect(fulfil({ end: at(4), starts: [at(6), at(8), at(5)] }, [rule], {})).toMatchObject({ end: at(8) });
  });

  test('leaves alone what is no payload of theirs', () => {
    for (const payload of [null, 3, 'text', [], { taskId: null }] as const)
      expect(
        fulfil(
          payload,
          rules.map(({ rule }) => rule),
          {},
        ),
      ).toEqual(payload);
  });
});

describe('places of a value', () => {
  const value = { a: [{ b: 1 }, { c: 'x' }, { b: 2 }], 'n/m~': 'y' };

  test('are those that a pointer with * finds', () => {
    expect(placesOf(value, '/a/*/b')).toEqual(['/a/0/b', '/a/2/b']);
    expect(placesOf(value, '/none')).toEqual([]);
  });

  test('are listed for every string and number, as pointers', () => {
    expect(leavesOf(value)).toEqual([
      { place: '/a/0/b', value: 1 },
      { place: '/a/1/c', value: 'x' },
      { place: '/a/2/b', value: 2 },
      { place: '/n~1m~0', value: 'y' },
    ]);
  });
});

describe('a body', () => {
  const payload = { name: 'Siân 🚓', list: [1, 2] };

  test('is its payload, of exactly the size that was asked for, and not as a JSON writer would write it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer(), fc.option(fc.nat(50), { nil: undefined }), (any, seed, more) => {
        const given = any as JsonValue;
        const bare = bodyOf(given, undefined, randomFrom(seed));
        const body = bodyOf(given, more === undefined ? undefined : bare.length + more, randomFrom(seed));
        expect(body.length).toBe(bare.length + (more ?? 0));
        expect(JSON.parse(Buffer.from(body).toString('utf8'))).toEqual(JSON.parse(JSON.stringify(given)));
        if (typeof given === 'object' && given !== null) {
          for (const indent of [0, 1, 2, 4])
            expect(Buffer.from(body).toString('utf8')).not.toBe(JSON.stringify(given, null, indent));
        }
      }),
    );
  });

  test('is sometimes plain, sometimes indented, and sometimes ASCII alone', () => {
    const texts = Array.from({ length: 30 }, (_, seed) =>
      Buffer.from(bodyOf(payload, undefined, randomFrom(seed))).toString('utf8'),
    );
    expect(texts.some((text) => text.includes('\n'))).toBe(true);
    expect(texts.some((text) => text.includes('Siân'))).toBe(true);
    expect(texts.some((text) => /^\p{ASCII}*$/u.test(text))).toBe(true);
  });

  test('that does not fit is an error', () => {
    expect(() => bodyOf(payload, 3, randomFrom(1))).toThrow(RangeError);
  });
});

describe('the content of a bundle', () => {
  const read = async (spec: { bytes: number; seed: number }): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of contentOf(spec)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  test.each([0, 1, 3, 4, 65_535, 65_536, 65_537, 200_000])(
    'of %i bytes has that many, the same for the same seed, with the digest of its manifest',
    async (bytes) => {
      const content = await read({ bytes, seed: 5 });
      expect(content.length).toBe(bytes);
      expect((await read({ bytes, seed: 5 })).equals(content)).toBe(true);
      const { createHash } = await import('node:crypto');
      expect(digestOf({ bytes, seed: 5 })).toBe(createHash('sha256').update(content).digest('hex'));
      if (bytes >= 4) expect((await read({ bytes, seed: 6 })).equals(content)).toBe(false);
    },
  );

  test('has no two chunks that are alike, so that their order matters', async () => {
    const content = await read({ bytes: 4 * 65_536, seed: 1 });
    const chunks = [0, 1, 2, 3].map((at) => content.subarray(at * 65_536, (at + 1) * 65_536).toString('base64'));
    expect(new Set(chunks).size).toBe(4);
  });
});
