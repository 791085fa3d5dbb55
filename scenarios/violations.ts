import { breakableRules } from '../harness/generate/events/breakable-rules.ts';
import { isMisreadable } from '../harness/generate/events/misread.ts';
import { isBreakable, placesOfSchema } from '../harness/generate/events/schemas.ts';
import type { Random } from '../harness/generate/random.ts';
import type { Message } from '../harness/model/flow.ts';
import { misreadings, noJson, type Violation } from '../harness/model/workload.ts';

/** Headers that an event cannot do without. */
const headerViolations: readonly Violation[] = [
  ...[
    'ce-specversion',
    'ce-type',
    'ce-time',
    'ce-datacontenttype',
    'ce-dataschema',
    'ce-correlationid',
    'ce-classification',
  ].map((header): Violation => ({ kind: 'header', header, how: 'absent' })),
  { kind: 'header', header: 'ce-time', how: 'malformed' },
  { kind: 'header', header: 'ce-specversion', how: 'not-allowed' },
  { kind: 'header', header: 'ce-dataschema', how: 'not-allowed' },
  // In structured or batch mode, as the Content-Type says.
  { kind: 'header', header: 'ce-datacontenttype', how: 'not-allowed' },
  { kind: 'header', header: 'ce-datacontenttype', how: 'batch-mode' },
  { kind: 'header', header: 'ce-datacontenttype', how: 'with-parameter' },
  { kind: 'header', header: 'ce-classification', how: 'not-allowed' },
];

/** Without these nothing on the bus can tell an event from another: they are left out of what is sent, and of nothing else. */
export const withoutName: readonly Violation[] = ['ce-id', 'ce-source'].map((header) => ({
  kind: 'header',
  header,
  how: 'absent',
}));

/** HTTP knows no case of names: what is sent is valid with these. On the bus they are other headers, and the one that is asked for is absent. */
export const nameInCapitals: readonly Violation[] = ['ce-correlationid', 'ce-classification'].map((header) => ({
  kind: 'header',
  header,
  how: 'in-capitals',
}));

type SchemaPlace = ReturnType<typeof placesOfSchema>[number];

export interface PlannedViolation {
  readonly type: string;
  readonly violation: Violation;
}

/** One violation for each header and how it may be wrong, each keyword of the schemas, each way to be no JSON and each rule of each type; places by chance. */
export function oneOfEach(messages: readonly Message[], random: Random): readonly PlannedViolation[] {
  return [
    ...headerViolations.map((violation) => ({ type: random.pick(messages).name, violation })),
    ...oneOfEachKeyword(messages, random),
    ...noJson.map((how) => ({ type: random.pick(messages).name, violation: { kind: 'json', how } as const })),
    ...oneOfEachMisreading(messages, random),
    ...messages.flatMap((message) =>
      [...breakableRules(message)].flatMap((rule): readonly PlannedViolation[] => [
        { type: message.name, violation: { kind: 'rule', rule } },
        { type: message.name, violation: { kind: 'rule', rule, closely: true } },
      ]),
    ),
  ];
}

/** Keywords that say what a text looks like. */
const misreadKeywords = ['pattern', 'format'] as const;

/** A text that only a misreading of its pattern takes, and of its format, for each misreading. */
function oneOfEachMisreading(messages: readonly Message[], random: Random): readonly PlannedViolation[] {
  const places = messages.flatMap((message) => placesOfSchema(message).map((place) => ({ message, place })));
  return misreadKeywords.flatMap((keyword) =>
    misreadings.flatMap((misread) => {
      const candidates = places.filter(({ place }) => place.keyword === keyword);
      for (const { message, place } of shuffled(candidates, random)) {
        if (!isMisreadable(message, place, misread)) continue;
        return [{ type: message.name, violation: { kind: 'schema', ...place, misread } as const }];
      }
      return [];
    }),
  );
}

/** What breaks a keyword is looked for only where chance falls: to look everywhere takes a second or more of a large schema. */
function oneOfEachKeyword(messages: readonly Message[], random: Random): readonly PlannedViolation[] {
  const byKeyword = new Map<string, { readonly message: Message; readonly place: SchemaPlace }[]>();
  for (const message of messages) {
    for (const place of placesOfSchema(message)) {
      byKeyword.set(place.keyword, [...(byKeyword.get(place.keyword) ?? []), { message, place }]);
    }
  }
  return [...byKeyword.values()].flatMap((candidates) => {
    for (const { message, place } of shuffled(candidates, random)) {
      if (!isBreakable(message, place)) continue;
      return [{ type: message.name, violation: { kind: 'schema', ...place } as const }];
    }
    return [];
  });
}

function* shuffled<T>(list: readonly T[], random: Random): Generator<T> {
  const left = [...list];
  while (left.length > 0) yield* left.splice(random.integer(0, left.length - 1), 1);
}
