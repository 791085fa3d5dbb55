import { describe, expect, test } from 'vitest';

import { createValidators } from '../../harness/contracts/index.ts';
import type { CloudEvent } from '../../harness/model/event.ts';
import { deliveredFacts, standardFactSteps, storedFacts } from '../../harness/observe/facts.ts';
import { sampleEvent } from '../fixtures/events.ts';
import { fanOutFlow, sampleService } from '../fixtures/flows.ts';
import { plannedOf } from '../fixtures/planned.ts';

const validators = await createValidators(sampleService(fanOutFlow));
const sent = sampleEvent({
  type: 'Hit',
  id: 'h1',
  payload: { text: 'Ünïcødé', priority: 2 },
  headers: { 'ce-causationid': 'why', tracestate: 'a=b', 'ce-expirytime': '2026-03-01T12:15:00Z' },
});
const [planned] = plannedOf(fanOutFlow.id, sent).list;
const subject = 'sample.hits.2';
const withHeaders = (headers: Record<string, string>): CloudEvent => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});
const without = (name: string): CloudEvent => {
  const { [name]: _left, ...headers } = sent.headers;
  return { ...sent, headers };
};
const withPayload = (payload: object): CloudEvent => ({
  ...sent,
  body: new TextEncoder().encode(JSON.stringify(payload)),
});
const delivered = (event: CloudEvent) => deliveredFacts(standardFactSteps, validators, planned, event);
const stored = (event: CloudEvent, on = subject) =>
  storedFacts(standardFactSteps, validators, planned, fanOutFlow, event, on);
/** Names of the facts that are not "yes". */
const amiss = (facts: object): readonly string[] =>
  Object.entries(facts).flatMap(([name, value]) =>
    value === 'yes' || name === 'fault' ? [] : [`${name} ${String(value)}`],
  );

describe('facts of an event', () => {
  test('all hold of what arrives as it was sent, whatever else stands in its headers', () => {
    expect(amiss(delivered(sent))).toEqual([]);
    expect(amiss(delivered(withHeaders({ 'Nats-Msg-Id': 'x', Host: 'y' })))).toEqual([]);
    expect(amiss(stored(sent))).toEqual([]);
    expect(stored(sent).fault).toBe('');
  });

  test.each<readonly [string, CloudEvent, readonly string[]]>([
    ['one more blank in the body', { ...sent, body: Buffer.concat([sent.body, Buffer.from(' ')]) }, ['bodyIntact no']],
    ['a header that was added', withHeaders({ 'ce-added': 'x' }), ['headersIntact no']],
    ['another correlation', withHeaders({ 'ce-correlationid': 'x' }), ['headersIntact no', 'chainIntact no']],
    ['a causation that was lost', without('ce-causationid'), ['headersIntact no', 'chainIntact no']],
    ['another trace', withHeaders({ traceparent: 'x' }), ['headersIntact no', 'traceIntact no']],
    [
      'a time written otherwise',
      withHeaders({ 'ce-time': '2026-03-01T12:00:00Z' }),
      ['headersIntact no', 'timeIntact no'],
    ],
  ])('show %s', (_what, event, expected) => {
    expect(amiss(delivered(event))).toEqual(expected);
  });

  test.each<readonly [string, CloudEvent, readonly string[], string]>([
    ['no id', without('ce-id'), ['envelope no', 'headersValid no'], 'header:ce-id'],
    [
      'another version',
      withHeaders({ 'ce-specversion': '0.3' }),
      ['envelope no', 'headersValid no'],
      'header:ce-specversion',
    ],
    ['a source that is no URI', withHeaders({ 'ce-source': 'two words' }), ['envelope no'], 'header:ce-source'],
    ['another schema', withHeaders({ 'ce-dataschema': 'urn:other' }), ['dataschema no'], 'header:ce-dataschema'],
    [
      'a time without an offset',
      withHeaders({ 'ce-time': '2026-03-01T12:00:00' }),
      ['timeFormat no', 'headersValid no'],
      'header:ce-time',
    ],
    [
      'an expiry without an offset',
      withHeaders({ 'ce-expirytime': '2026-03-01T12:00:00' }),
      ['timeFormat no'],
      'header:ce-expirytime',
    ],
    [
      'a classification that is none',
      withHeaders({ 'ce-classification': 'SECRET' }),
      ['classification no', 'headersValid no'],
      'header:ce-classification',
    ],
    [
      'a number that is too large',
      withPayload({ text: 'x', priority: 6 }),
      ['validA no', 'validB no'],
      'schema:maximum:/priority',
    ],
    [
      'a body that is no JSON',
      { ...sent, body: Buffer.from('{') },
      ['validA no', 'validB no', 'rules no', 'subjectIntact no'],
      'schema:json:',
    ],
    ['a body over the limit', withPayload({ text: 'x', priority: 2, more: 'x'.repeat(16_384) }), [], 'size'],
  ])('show %s', (_what, event, expected, fault) => {
    const facts = stored(event);
    const compared = ['bodyIntact no', 'headersIntact no', 'timeIntact no'];
    const others = amiss(facts).filter((name) => !compared.includes(name));
    expect(others.filter((name) => name !== 'subjectIntact no' || expected.includes(name))).toEqual(expected);
    expect(facts.fault).toBe(fault);
    expect(delivered(event).valid).toBe('no');
  });

  const foreign = { 'x-desk': '7' };

  test('show a header on the bus that does not cross, whatever its application gave', () => {
    expect(amiss(stored(withHeaders(foreign)))).toEqual(['noneForeign no']);
    expect(amiss(stored(withHeaders({ 'Ce-Id': 'h1' })))).toEqual(['noneForeign no']);
    expect(amiss(stored(withHeaders({ 'Nats-Msg-Id': 'x', 'nats-expected-stream': 'y' })))).toEqual([]);
  });

  test('show a header at the application that was to stay behind, however it is written', () => {
    const given = planned && { ...planned, event: withHeaders(foreign) };
    const handed = (event: CloudEvent) => amiss(deliveredFacts(standardFactSteps, validators, given, event));
    expect(handed(sent)).toEqual([]);
    expect(handed(withHeaders({ 'X-Desk': '7' }))).toEqual(['headersIntact no']);
    expect(amiss(storedFacts(standardFactSteps, validators, given, fanOutFlow, sent, subject))).toEqual([]);
  });

  test('show a classification above the ceiling of the flow', () => {
    const low = { ...fanOutFlow, classification: 'OFFICIAL' as const };
    const event = withHeaders({ 'ce-classification': 'OFFICIAL-SENSITIVE' });
    expect(storedFacts(standardFactSteps, validators, planned, low, event, subject).classification).toBe('no');
  });

  test('show a subject that the payload does not give', () => {
    expect(amiss(stored(sent, 'sample.hits.3'))).toEqual(['subjectIntact no']);
  });

  test('show a type that the service does not have as wrong in everything that rests on it', () => {
    expect(amiss(stored(withHeaders({ 'ce-type': 'Nobody' })))).toEqual([
      'envelope no',
      'dataschema no',
      'headersValid no',
      'validA no',
      'validB no',
      'rules no',
      'headersIntact no',
    ]);
  });

  test('leave open how an event that nobody planned compares', () => {
    const facts = deliveredFacts(standardFactSteps, validators, undefined, sent);
    expect(amiss(facts)).toEqual([
      'bodyIntact unknown',
      'headersIntact unknown',
      'chainIntact unknown',
      'traceIntact unknown',
      'timeIntact unknown',
    ]);
    expect(facts.valid).toBe('yes');
  });

  test('are wrong where a step of theirs is', () => {
    const blind = { ...standardFactSteps, sameBody: () => true };
    const changed = { ...sent, body: Buffer.concat([sent.body, Buffer.from(' ')]) };
    expect(deliveredFacts(blind, validators, planned, changed).bodyIntact).toBe('yes');
  });
});
