import { expect, test } from 'vitest';
import { accepts, samplePayload } from '../../harness/generate/events/schemas.ts';
import { longestTexts } from '../../harness/generate/workload/longest.ts';
import { withValueAt } from '../../harness/model/json.ts';
import { services } from '../fixtures/services.ts';

const messages = services.flatMap(({ flows }) => flows.flatMap((flow) => flow.messages));

test('the longest texts of a payload are as long as its schema allows, and no character longer', () => {
  const found = messages.flatMap((message) =>
    Object.entries(longestTexts(message, 64_000)).map(([place, text]) => {
      const holds = (value: string): boolean => accepts(message, withValueAt(samplePayload(message, 0), place, value));
      return [holds(text), holds(`${text}x`)];
    }),
  );
  expect(found.length).toBeGreaterThan(5);
  expect(found).toEqual(found.map(() => [true, false]));
});

test('they take no more of a body than there is room for', () => {
  for (const message of messages)
    for (const room of [0, 1000, 3000])
      expect(Buffer.byteLength(Object.values(longestTexts(message, room)).join(''))).toBeLessThanOrEqual(room);
});
