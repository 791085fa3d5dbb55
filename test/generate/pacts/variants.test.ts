import { describe, expect, test } from 'vitest';
import { isAllowed } from '../../../harness/generate/pacts/allowed.ts';
import { contentsInState, generatedContents, generatedMetadata } from '../../../harness/generate/pacts/generate.ts';
import { allowedHeaders, expectedHeaders } from '../../../harness/generate/pacts/headers.ts';
import { bodyRules } from '../../../harness/generate/pacts/rules.ts';
import { allowedContents } from '../../../harness/generate/pacts/variants.ts';
import { randomFrom } from '../../../harness/generate/random.ts';
import { messageOf } from '../../../harness/model/flow.ts';
import type { JsonObject, JsonValue } from '../../../harness/model/json.ts';
import type { PactPart } from '../../../harness/model/pact.ts';
import { flows } from '../../fixtures/services.ts';

const found = flows.find(({ flow }) => flow.id === 'incident-lifecycle/incidents')?.flow;
if (found === undefined) throw new Error('there are no incidents');
const flow = found;
const assigned = messageOf(flow, 'ResourceAssigned');

const part = (contents: JsonValue, more: Partial<PactPart> = {}): PactPart => ({
  type: 'ResourceAssigned',
  contents,
  metadata: {},
  matchingRules: {},
  generators: {},
  place: { file: 'p.json' },
  ...more,
});
const body = (rules: JsonObject): Partial<PactPart> => ({ matchingRules: { body: rules } });
const variantsOf = (of: PactPart): readonly JsonObject[] =>
  (allowedContents(assigned, of, [], randomFrom(3)) ?? []) as readonly JsonObject[];

describe('variants of an example', () => {
  const crew = ['U204417', 'U204418'];

  test('have lists of other lengths where the rules allow them, within their bounds', () => {
    const lists = variantsOf(part({ crew }, body({ '$.crew': { matchers: [{ match: 'type', min: 1, max: 3 }] } })));
    const lengths = new Set(lists.map((variant) => (variant['crew'] as readonly string[]).length));
    expect(lengths.size).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(3);
  });

  test('keep a list as it is without a rule for it', () => {
    expect(new Set(variantsOf(part({ crew })).map((variant) => JSON.stringify(variant)))).toEqual(
      new Set([JSON.stringify({ crew })]),
    );
  });

  test('keep what each variant of a list has to be there', () => {
    const variants = [{ index: 0, rules: { $: { matchers: [{ match: 'equality' }] } }, generators: {} }];
    const rules = { '$.crew': { matchers: [{ match: 'arrayContains', variants }] } };
    const lists = variantsOf(part({ crew: crew.slice(0, 1) }, body(rules)));
    expect(lists.length).toBeGreaterThan(1);
    expect(lists.every((variant) => (variant['crew'] as readonly string[]).includes('U204417'))).toBe(true);
  });
});

describe('a rule of dates or versions', () => {
  const allows = (matcher: JsonObject, value: JsonValue): boolean =>
    isAllowed(bodyRules(part({ at: '' }, body({ '$.at': { matchers: [matcher] } }))), ['at'], '', value);

  test.each<[JsonObject, string, string]>([
    [{ match: 'date', format: 'yyyy-MM-dd' }, '2026-11-27', '27-11-2026'],
    [{ match: 'date', date: 'dd/MM/yyyy' }, '27/11/2026', '2026-11-27'],
    [{ match: 'time', format: 'HH.mm' }, '23.59', '23:59'],
    [{ match: 'datetime', format: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX" }, '2026-11-27T09:00:00.125Z', '2026-11-27T09:00:00Z'],
    [{ match: 'timestamp', timestamp: "yyyy-MM-dd'T'HH:mm:ssXXX" }, '2026-11-27T09:00:00+01:00', '2026-11-27'],
    [{ match: 'datetime' }, '2026-11-27T09:00:00Z', 'today'],
    [{ match: 'semver' }, '1.20.0', '1.20'],
  ])('%j allows %s and not %s', (matcher, good, bad) => {
    expect([allows(matcher, good), allows(matcher, bad)]).toEqual([true, false]);
  });

  test('allows nothing in place of the example where its pattern is not known for certain', () => {
    expect(allows({ match: 'date', format: 'EEE, d MMM' }, 'Fri, 27 Nov')).toBe(false);
  });
});

describe('headers of variants', () => {
  test('have other values where the rules of the metadata and the contract allow them, and only there', () => {
    const metadata = { 'ce-classification': 'OFFICIAL', 'ce-correlationid': 'c-1', tracestate: 'a=1' };
    const matchingRules = {
      metadata: {
        'ce-classification': { matchers: [{ match: 'regex', regex: '^OFFICIAL(-SENSITIVE)?$' }] },
        'ce-correlationid': { matchers: [{ match: 'type' }] },
      },
    };
    const given = part({}, { metadata, matchingRules });
    expect(expectedHeaders(given, [], randomFrom(1))).toEqual(metadata);
    const other = allowedHeaders(flow, assigned, given, [], randomFrom(1));
    expect(other).toMatchObject({ 'ce-classification': 'OFFICIAL-SENSITIVE', tracestate: 'a=1' });
    expect(other['ce-correlationid']).not.toBe('c-1');
  });
});

describe('generators', () => {
  const states = [{ name: 'a unit', params: { callsign: 'AB12', count: 7 } }];
  const made = (generator: JsonObject): JsonValue | undefined =>
    (
      generatedContents(
        part({ a: 'x' }, { generators: { body: { '$.a': generator } } }),
        states,
        randomFrom(5),
      ) as JsonObject
    )['a'];

  test.each<[JsonObject, RegExp]>([
    [{ type: 'RandomInt', min: 3, max: 9 }, /^[3-9]$/],
    [{ type: 'RandomDecimal', digits: 4 }, /^\d\.\d{3}$/],
    [{ type: 'RandomHexadecimal', digits: 8 }, /^"[0-9A-F]{8}"$/],
    [{ type: 'RandomString', size: 12 }, /^"[A-Za-z0-9]{12}"$/],
    [{ type: 'RandomBoolean' }, /^(true|false)$/],
    [{ type: 'Regex', regex: '[A-Z]{2}\\d' }, /^"[A-Z]{2}\d"$/],
    [{ type: 'Uuid' }, /^"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$/],
    [{ type: 'Uuid', format: 'upper-case-hyphenated' }, /^"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"$/],
    [{ type: 'Uuid', format: 'simple' }, /^"[0-9a-f]{32}"$/],
    [{ type: 'Date' }, /^"20\d\d-\d\d-\d\d"$/],
    [{ type: 'DateTime', format: "yyyy-MM-dd'T'HH:mm:ss.SSSX" }, /^"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"$/],
    [{ type: 'Time', format: 'HH.mm' }, /^"\d\d\.\d\d"$/],
    [{ type: 'ProviderState', expression: '${callsign}' }, /^"AB12"$/],
    [{ type: 'ProviderState', expression: '${count}' }, /^7$/],
    [{ type: 'ProviderState', expression: '${callsign}/${count}' }, /^"AB12\/7"$/],
    [{ type: 'ProviderState', expression: 'callsign' }, /^"AB12"$/],
  ])('%j gives what it says, in place of the example', (generator, pattern) => {
    expect(JSON.stringify(made(generator))).toMatch(pattern);
  });

  test('of metadata give headers', () => {
    const given = part(
      {},
      {
        metadata: { tracestate: 'a=1' },
        generators: { metadata: { tracestate: { type: 'ProviderState', expression: 'count=${count}' } } },
      },
    );
    expect(generatedMetadata(given, states, randomFrom(1))).toEqual({ tracestate: 'count=7' });
  });

  test('by chance are none of what is expected; what a state gives is', () => {
    const generators = {
      body: { '$.a': { type: 'Uuid' }, '$.b': { type: 'ProviderState', expression: '${callsign}' } },
    };
    expect(contentsInState(part({ a: 'x', b: 'y' }, { generators }), states)).toEqual({ a: 'x', b: 'AB12' });
  });
});
