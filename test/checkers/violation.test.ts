import { describe, expect, test } from 'vitest';
import { trialOf } from '../../harness/checkers/trial.ts';
import { isBrokenBundle, isBrokenInStore, violationKind, violations } from '../../harness/checkers/violation.ts';
import { contractOf, historyOf } from './build.ts';
import { flows } from './flows.ts';

describe('what a planned message breaks', () => {
  test.each([
    ['', 'none'],
    ['schema:type:/a', 'schema'],
    ['rule:2', 'rule'],
    ['size', 'size'],
    ['content:digest:0', 'content'],
    ['header:ce-time:no-offset', 'time'],
    ['header:ce-expirytime:absent', 'time'],
    ['header:ce-classification:unknown', 'classification'],
    ['header:traceparent:malformed', 'trace'],
    ['header:tracestate:malformed', 'trace'],
    ['header:ce-type:absent', 'header'],
    ['header:ce-datacontenttype:not-allowed', 'header'],
  ] as const)('%s: %s', (text, kind) => {
    expect(violationKind(text)).toBe(kind);
  });
});

test('messages of the flow alone are valid or broken, and a malformed trace breaks nothing', () => {
  const flow = flows['claim-check'];
  const planned = [
    '',
    'schema:type:/a',
    'header:traceparent:malformed',
    'content:bytes:1',
    'content:digest:0',
    'schema:type:/a',
  ]
    .map((violation) => ({ flow: flow.id, violation }))
    .concat({ flow: 'another/flow', violation: '' }, { flow: 'another/flow', violation: 'schema:type:/a' });
  const trial = trialOf(contractOf(flow), historyOf({ planned }));
  const { valid, of } = violations(trial);
  expect([...valid]).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
  expect((['none', 'schema', 'trace', 'content', 'size'] as const).map(of)).toEqual([[], [1, 5], [2], [3, 4], []]);
  expect([0, 1, 3, 4].map((message) => isBrokenBundle(trial, message))).toEqual([false, false, true, true]);
  expect([0, 1, 3, 4].map((message) => isBrokenInStore(trial, message))).toEqual([false, false, false, true]);
});
