import { describe, expect, test } from 'vitest';
import { createCheck, loadContracts, shorten } from '../../harness/contracts/index.ts';
import { plannedSubject } from '../../harness/engine/planned-rows.ts';
import { materialise } from '../../harness/generate/events/materialise.ts';
import { rehearse } from '../../harness/generate/rehearse.ts';
import type { Service } from '../../harness/model/flow.ts';
import { scenariosFor } from '../../scenarios/index.ts';

const { services } = await loadContracts(new URL('../fixtures/contracts/', import.meta.url).pathname);
const epochMs = Date.UTC(2026, 2, 5, 14);
const shortened = services.map((service) => shorten(service, 0.005).service);

const planned = shortened.flatMap((service) =>
  service.flows.flatMap((flow) =>
    scenariosFor(service, flow).map((scenario) => ({ id: `${flow.id}/${scenario.name}`, service, flow, scenario })),
  ),
);
const checks = new Map(shortened.map((service) => [service.name, createCheck(service)]));
const place = { file: 'asyncapi.yaml' };

describe.each(planned)('$id', ({ service, flow, scenario }) => {
  test.each([1, 2])(
    'can be made whole with seed %i: what is planned as valid is, what breaks a rule is not',
    (seed) => {
      const workload = scenario.workload(service, flow, seed);
      for (const planned of materialise(workload, service, epochMs).list) {
        const { violation } = planned.message;
        const failure = checks.get(service.name)?.(flow, planned.event);
        if (planned.message.bodyBytes !== undefined) continue;
        if (violation === undefined) {
          const subject = flow.replies.length === 0 ? plannedSubject(flow, planned) : '-';
          expect([failure, subject === '']).toEqual([undefined, false]);
        } else if (violation.kind !== 'schema') expect(failure).toBeDefined();
      }
    },
  );

  test('has one sender of a key at a time, where there is an order', () => {
    if (flow.pattern !== 'ordered-stream' && flow.pattern !== 'last-value') return;
    const { lanes, messages } = scenario.workload(service, flow, 1);
    const last = new Map<string, number>();
    const early: string[] = [];
    for (const [lane, steps] of lanes.entries()) {
      const waits = steps.flatMap((step) => (step.do === 'wait' && step.for.until === 'lane' ? [step.for.lane] : []));
      const keys = new Set(steps.flatMap((step) => (step.do === 'send' ? [messages[step.message]?.key ?? ''] : [])));
      for (const key of keys) {
        const before = last.get(key);
        if (before !== undefined && !waits.includes(before)) early.push(key);
        last.set(key, lane);
      }
    }
    expect(early).toEqual([]);
  });
});

describe('keys of few values', () => {
  test('are used again, and their sequences go on', () => {
    const found = planned.find(({ id }) => id === 'air-support/sorties/invalid-sent');
    if (found === undefined) throw new Error('it is not planned');
    const { messages } = found.scenario.workload(found.service, found.flow, 1);
    const valid = messages.filter(({ violation }) => violation === undefined);
    expect(new Set(messages.map(({ key }) => key)).size).toBe(3);
    for (const key of new Set(valid.map((message) => message.key))) {
      const sequences = valid.filter((message) => message.key === key).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, at) => at + 1));
    }
  });
});

describe('the rehearsal of a service', () => {
  test.each(services)('$name finds nothing to say', (service) => {
    expect(rehearse(service, place, epochMs, 3)).toEqual([]);
  });

  const [airSupport] = services;
  const changed = (change: (text: string) => string): Service =>
    JSON.parse(change(JSON.stringify(airSupport))) as Service;

  test('says a header that no message can have', () => {
    const service = changed((text) =>
      text.replaceAll('"ce-sequence":{"type":"string"}', '"ce-sequence":{"type":"string","pattern":"^never$"}'),
    );
    expect(rehearse(service, place, epochMs, 1).map(({ message }) => message)).toEqual([
      'no valid Sortie of air-support/sorties can be made: its header schema refuses every ce-sequence that was tried',
      'no valid Landed of air-support/sorties can be made: its header schema refuses every ce-sequence that was tried',
    ]);
  });

  test('says a message that does not fit into its limit, and a key that no subject can have', () => {
    const small = changed((text) => text.replaceAll('"maxBytes":16384', '"maxBytes":12'));
    const spaced = changed((text) =>
      text.replaceAll(/"NPAS-(\d\d)"/g, '"NPAS $1"').replaceAll(/"schemaDigest":"/g, '$&x'),
    );
    for (const service of [small, spaced]) {
      const [problem] = rehearse(service, place, epochMs, 1);
      expect(problem?.kind).toBe('contract');
      expect(problem?.message).toMatch(/^no valid Sortie of air-support\/sorties can be made: /);
    }
  });
});
