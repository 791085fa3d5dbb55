import { violations } from '../harness/generate/schema/index.ts';
import type { Random } from '../harness/generate/random.ts';
import type { Message } from '../harness/model/flow.ts';
import type { Violation } from '../harness/model/workload.ts';

/** Headers that an event cannot do without; `ce-id` and `ce-source` too, but without them nothing can tell it from another. */
const headerViolations: readonly Violation[] = [
  ...['ce-specversion', 'ce-type', 'ce-time', 'ce-datacontenttype', 'ce-dataschema', 'ce-correlationid', 'ce-classification'].map(
    (header): Violation => ({ kind: 'header', header, how: 'absent' }),
  ),
  { kind: 'header', header: 'ce-time', how: 'malformed' },
  { kind: 'header', header: 'ce-specversion', how: 'not-allowed' },
  { kind: 'header', header: 'ce-dataschema', how: 'not-allowed' },
  { kind: 'header', header: 'ce-classification', how: 'not-allowed' },
];

export interface PlannedViolation {
  readonly type: string;
  readonly violation: Violation;
}

/** One violation for each header and how it may be wrong, each keyword of the schemas and each rule of each type; places by chance. */
export function oneOfEach(messages: readonly Message[], random: Random): readonly PlannedViolation[] {
  const byKeyword = new Map<string, PlannedViolation[]>();
  for (const message of messages) {
    for (const { keyword, path, schemaPath } of violations({ schema: message.payload })) {
      const planned: PlannedViolation = { type: message.name, violation: { kind: 'schema', keyword, path, schemaPath } };
      byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), planned]);
    }
  }
  return [
    ...headerViolations.map((violation) => ({ type: random.pick(messages).name, violation })),
    ...[...byKeyword.values()].map((list) => random.pick(list)),
    ...messages.flatMap((message) =>
      message.rules.map((_, rule): PlannedViolation => ({ type: message.name, violation: { kind: 'rule', rule } })),
    ),
  ];
}
