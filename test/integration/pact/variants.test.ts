import { afterAll, describe, expect, test } from 'vitest';
import { allowedContents } from '../../../harness/generate/pacts/variants.ts';
import { isAllowed } from '../../../harness/generate/pacts/allowed.ts';
import { rulesIn } from '../../../harness/generate/pacts/rules.ts';
import { randomFrom } from '../../../harness/generate/random.ts';
import { messageOf } from '../../../harness/model/flow.ts';
import type { JsonObject, JsonValue } from '../../../harness/model/json.ts';
import { partsOf, type PactPart } from '../../../harness/model/pact.ts';
import { questionOf } from '../../../harness/pact/question.ts';
import { Verifiers } from '../../../harness/pact/verifiers.ts';
import { services } from '../../fixtures/services.ts';

const verifiers = new Verifiers(2);
afterAll(() => verifiers[Symbol.asyncDispose]());

/** Which of these bodies Pact takes for what the part expects; of headers it is asked nothing. */
async function heldBy(part: PactPart, bodies: readonly JsonValue[]): Promise<readonly boolean[]> {
  const bare: PactPart = { ...part, metadata: {}, matchingRules: { body: part.matchingRules['body'] ?? {} } };
  const questions = bodies.map((body, at) =>
    questionOf(`body ${String(at)}`, bare, [], {
      where: 'stored',
      message: at,
      event: { headers: {}, body: Buffer.from(JSON.stringify(body)) },
    }),
  );
  return (await verifiers.ask('one', 'other', questions)).map(({ holds }) => holds);
}

const partOf = (contents: JsonValue, body: JsonObject): PactPart => ({
  type: 'Thing',
  contents,
  metadata: {},
  matchingRules: { body },
  generators: {},
  place: { file: 'p.json' },
});

/** An example, its rules, and values of which each is one that we take for allowed or not. */
const cases: readonly (readonly [string, JsonValue, JsonObject, readonly JsonValue[], readonly JsonValue[]])[] = [
  [
    'a type reaches down into objects and lists',
    { a: { b: 'x', c: [1] } },
    { '$.a': { matchers: [{ match: 'type' }] } },
    [{ a: { b: 'other', c: [7, 8] } }, { a: { b: '', c: [2], more: true } }],
    [{ a: { b: 1, c: [1] } }, { a: { b: 'x', c: ['x'] } }, { a: { b: 'x' } }],
  ],
  [
    'a list of at least two and at most three',
    { list: ['a', 'b'] },
    { '$.list': { matchers: [{ match: 'type', min: 2, max: 3 }] } },
    [{ list: ['x', 'y'] }, { list: ['x', 'y', 'z'] }],
    [{ list: ['x'] }, { list: ['a', 'b', 'c', 'd'] }, { list: [1, 2] }],
  ],
  [
    'each item by a rule of its own',
    { list: [{ id: 'A1' }] },
    {
      '$.list': { matchers: [{ match: 'type', min: 1 }] },
      '$.list[*].id': { matchers: [{ match: 'regex', regex: '^[A-Z]\\d$' }] },
    },
    [{ list: [{ id: 'B2' }, { id: 'C3' }] }],
    [{ list: [] }, { list: [{ id: 'B2' }, { id: 'no' }] }],
  ],
  [
    'a list that contains each variant',
    { list: ['red', 1] },
    {
      '$.list': {
        matchers: [
          {
            match: 'arrayContains',
            variants: [
              { index: 0, rules: { $: { matchers: [{ match: 'equality' }] } }, generators: {} },
              { index: 1, rules: { $: { matchers: [{ match: 'integer' }] } }, generators: {} },
            ],
          },
        ],
      },
    },
    [{ list: ['red', 5] }, { list: [9, 'blue', 'red'] }],
    [{ list: ['blue', 5] }, { list: ['red'] }],
  ],
  [
    'each key and each value of a map',
    { map: { AB: 1 } },
    {
      '$.map': {
        matchers: [
          { match: 'eachKey', rules: [{ match: 'regex', regex: '^[A-Z]{2}$' }], value: 'AB' },
          { match: 'eachValue', rules: [{ match: 'integer' }], value: 1 },
        ],
      },
    },
    [{ map: { CD: 7, EF: 8 } }, { map: { AB: 3 } }],
    [{ map: { cd: 7 } }, { map: { CD: 'seven' } }],
  ],
  [
    'without a rule all is as in the example, and an object may have more',
    { a: 'x', list: [1, 2] },
    {},
    [{ a: 'x', list: [1, 2], more: 1 }],
    [
      { a: 'y', list: [1, 2] },
      { a: 'x', list: [1] },
    ],
  ],
];

describe('what is taken for allowed by the rules of a pact, Pact itself takes', () => {
  test.each(cases)('%s', async (_what, example, body, allowed, others) => {
    const part = partOf(example, body);
    const ours = (value: JsonValue): boolean => isAllowed(rulesIn(body), [], example, value);
    expect(allowed.map(ours)).toEqual(allowed.map(() => true));
    expect(others.map(ours)).toEqual(others.map(() => false));
    expect(await heldBy(part, allowed)).toEqual(allowed.map(() => true));
    expect(await heldBy(part, others)).toEqual(others.map(() => false));
  });

  test('so it is with every variant of every pact of the services', async () => {
    const parts = services.flatMap((service) =>
      service.flows.flatMap((flow) =>
        (flow.pacts ?? []).flatMap((pact) =>
          pact.interactions.flatMap((interaction) =>
            partsOf(interaction).map(([, part]) => ({
              part,
              states: interaction.states,
              message: messageOf(flow, part.type),
            })),
          ),
        ),
      ),
    );
    const found = await Promise.all(
      parts.map(async ({ part, states, message }) => {
        const variants = allowedContents(message, part, states, randomFrom(7)) ?? [];
        const held = await heldBy(part, variants);
        return { variants: variants.length, held: held.filter(Boolean).length };
      }),
    );
    expect(found.map(({ held }) => held)).toEqual(found.map(({ variants }) => variants));
    expect(found.filter(({ variants }) => variants > 1).length).toBeGreaterThan(parts.length / 2);
  });
});
