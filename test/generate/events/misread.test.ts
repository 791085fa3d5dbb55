import { describe, expect, test } from 'vitest';
import { isMisreadable, misreadAt, misreadPattern, respellings } from '../../../harness/generate/events/misread.ts';
import { placesOfSchema, samplePayloadWith } from '../../../harness/generate/events/schemas.ts';
import { createValidators } from '../../../harness/contracts/index.ts';
import { messagesOf } from '../../../harness/model/flow.ts';
import { misreadings } from '../../../harness/model/workload.ts';
import { services } from '../../fixtures/services.ts';

describe('respelling', () => {
  test.each([
    ['line-end', 'A12', 'A12\n'],
    ['any-digit', 'A12', 'A1\u0662'],
    ['any-case', '1Ab', '1ab'],
  ] as const)('%s writes %j as %j', (misreading, text, expected) => {
    expect(respellings[misreading](text)).toBe(expected);
  });

  test.each([
    ['line-end', '^[A-Z]\\d{2}$', 'A12\n'],
    ['any-digit', '^[A-Z]\\d{2}$', 'A1\u0662'],
    ['any-case', '^[A-Z]\\d{2}$', 'a12'],
  ] as const)('%s of a pattern takes what the pattern does not', (misreading, pattern, text) => {
    expect(new RegExp(pattern, 'u').test(text)).toBe(false);
    expect(misreadPattern(pattern, misreading)?.test(text)).toBe(true);
  });

  test.each([
    ['line-end', '^A\\$'],
    ['any-digit', '^[0-9]$'],
  ] as const)('%s finds nothing to misread in %j', (misreading, pattern) => {
    expect(misreadPattern(pattern, misreading)).toBeUndefined();
  });
});

describe.each(services)('of $name', (service) => {
  test.each([...new Set(service.flows.flatMap((flow) => messagesOf(flow)))])(
    'what a misreading alone takes of $name is refused by two validators',
    async (message) => {
      const validators = await createValidators(service);
      for (const place of placesOfSchema(message).filter(
        ({ keyword }) => keyword === 'pattern' || keyword === 'format',
      ))
        for (const misreading of misreadings) {
          if (!isMisreadable(message, place, misreading)) continue;
          const valid = samplePayloadWith(message, place, 0);
          const payload = valid === undefined ? undefined : misreadAt(message, place, misreading, valid);
          if (valid === undefined || payload === undefined) continue;
          expect(validators.payloadFault(message, valid)).toBeUndefined();
          const said = [validators.payloadFault(message, payload), validators.payloadFaultAgain(message, payload)];
          expect([place, misreading, said.includes(undefined)]).toEqual([place, misreading, false]);
        }
    },
  );
});
