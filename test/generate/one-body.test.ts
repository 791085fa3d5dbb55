import { expect, test } from 'vitest';
import { materialise } from '../../harness/generate/events/materialise.ts';
import { accepts } from '../../harness/generate/events/schemas.ts';
import type { JsonValue } from '../../harness/model/json.ts';
import { ruleHolds } from '../../harness/model/rules.ts';
import { messageOf } from '../../harness/model/flow.ts';
import { conflicts } from '../../scenarios/conflicts.ts';
import { flows } from '../fixtures/services.ts';

const made = flows.flatMap(({ flow, service }) =>
  [1, 2, 3].flatMap((seed) => {
    if (!conflicts.applies(flow, service)) return [];
    const { list } = materialise(conflicts.workload(service, flow, seed), service, 0);
    return list.filter(({ message }) => message.bodyAs !== undefined).map((other) => ({ flow, seed, list, other }));
  }),
);

test('two flows have types of which one body can be both', () => {
  expect(new Set(made.map(({ flow }) => flow.id))).toEqual(
    new Set(['case-file-transfer/outcomes', 'case-file-transfer/batches']),
  );
});

test.each(made)('$flow.id: an event of another type has the same body, which is valid there too ($seed)', (one) => {
  const { flow, list, other } = one;
  const first = list.find(({ message }) => message.id === other.message.id);
  expect(first?.message.type).toBe(other.message.bodyAs);
  expect(Buffer.from(other.event.body)).toEqual(Buffer.from(first?.event.body ?? []));
  const message = messageOf(flow, other.message.type);
  const payload = JSON.parse(Buffer.from(other.event.body).toString('utf8')) as JsonValue;
  expect(accepts(message, payload)).toBe(true);
  expect(message.rules.every((rule) => ruleHolds(rule, payload, other.event.headers))).toBe(true);
});
