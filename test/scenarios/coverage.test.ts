import { describe, expect, test } from 'vitest';
import { isMisreadable } from '../../harness/generate/events/misread.ts';
import { isBreakable, placesOfSchema } from '../../harness/generate/events/schemas.ts';
import { randomFrom } from '../../harness/generate/random.ts';
import { applies, judges, rolesIn } from '../../harness/model/clause.ts';
import { messagesOf, type Message } from '../../harness/model/flow.ts';
import { isJsonObject, type JsonValue } from '../../harness/model/json.ts';
import { misreadings, type Misreading } from '../../harness/model/workload.ts';
import { scenarios } from '../../scenarios/index.ts';
import { planTrials } from '../../scenarios/plan.ts';
import { oneOfEach } from '../../scenarios/violations.ts';
import { catalogue, flows, services } from '../fixtures/services.ts';

const claimedBy = (profile: string) => catalogue.profiles.find(({ name }) => name === profile)?.clauses ?? [];

/** All that a run that claims everything performs. */
const everything = { claimed: catalogue.clauses.map(({ id }) => id) };
const trials = planTrials(services, catalogue, everything, 1);
const messages = [
  ...new Map(flows.flatMap(({ flow }) => messagesOf(flow)).map((message) => [message.schemaDigest, message])).values(),
];

describe('the scenarios', () => {
  test('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  test('claim only clauses of the catalogue, each once', () => {
    const known = new Set(catalogue.clauses.map(({ id }) => id));
    for (const { name, clauses } of scenarios) {
      expect([name, clauses.filter((clause) => !known.has(clause))]).toEqual([name, []]);
      expect([name, new Set(clauses).size]).toEqual([name, clauses.length]);
    }
  });

  test('are each of use: performed on some flow, for some clause', () => {
    const useful = new Set(
      trials.filter(({ header }) => header.clauses.length > 0).map(({ scenario }) => scenario.name),
    );
    expect(scenarios.map(({ name }) => name).filter((name) => !useful.has(name))).toEqual([]);
  });

  test('claim every clause that has a checker, on every flow that it asks something of', () => {
    const claimed = new Set(trials.flatMap(({ header }) => header.clauses.map((clause) => `${clause} ${header.flow}`)));
    const decided = catalogue.clauses.filter(({ checker }) => checker !== undefined);
    const holes = decided.flatMap((clause) =>
      flows.filter(({ flow }) => applies(clause, flow)).map(({ flow }) => `${clause.id} ${flow.id}`),
    );
    expect(holes.length).toBeGreaterThan(100);
    expect(holes.filter((hole) => !claimed.has(hole))).toEqual([]);
  });
});

describe('the plan of a run', () => {
  test('has no trial that decides nothing', () => {
    expect(trials.filter(({ header }) => header.clauses.length === 0).map(({ header }) => header.id)).toEqual([]);
  });

  test('gives each trial a name and a seed of its own, and the same again', () => {
    expect(new Set(trials.map(({ header }) => header.id)).size).toBe(trials.length);
    expect(new Set(trials.map(({ header }) => header.seed)).size).toBe(trials.length);
    expect(planTrials(services, catalogue, everything, 1)).toEqual(trials);
  });

  test('gives a trial the same seed whatever else runs', () => {
    const [, second] = trials.filter(({ scenario }) => scenario.name === 'happy-flow');
    if (second === undefined) throw new Error('there are no two trials of the happy flow');
    const selection = { flows: [second.flow.id], scenarios: ['happy-flow'] };
    expect(planTrials(services, catalogue, selection, 1)).toEqual([second]);
  });

  test('has the load only where it is asked for: by its name, by its clause, or by a profile that claims it', () => {
    const loads = (selection: Parameters<typeof planTrials>[2]): number =>
      planTrials(services, catalogue, selection, 1).filter(({ scenario }) => scenario.name === 'load').length;
    for (const name of ['performance', 'release']) expect(loads({ claimed: claimedBy(name) })).toBe(flows.length);
    expect(loads({ clauses: ['PER-1'] })).toBe(flows.length);
    expect(loads({ scenarios: ['load'] })).toBe(flows.length);
    for (const selection of [{ claimed: claimedBy('core') }, { claimed: claimedBy('performance'), clauses: ['ORD-3'] }])
      expect(loads(selection)).toBe(0);
  });

  test('has what can decide a clause of the profile, and nothing else, unless scenarios or clauses are named', () => {
    const profile = claimedBy('performance');
    const planned = planTrials(services, catalogue, { claimed: profile }, 1);
    expect(planned).toEqual(trials.filter(({ header }) => header.clauses.some((clause) => profile.includes(clause))));
    expect(planned.length).toBeLessThan(trials.length / 2);
    const named = planTrials(services, catalogue, { claimed: profile, scenarios: ['canaries'] }, 1);
    expect(named.length).toBeGreaterThan(0);
  });

  test('has a brief load before the long one, on the flows that are so busy that a moment brings messages enough', () => {
    const planned = planTrials(services, catalogue, { clauses: ['PER-1'] }, 1).map(({ header }) => header.id);
    const brief = planned.filter((id) => id.endsWith('/load-briefly'));
    expect(brief).toEqual(
      ['anpr-hit/reads', 'unit-state/status', 'unit-state/positions'].map((id) => `${id}/load-briefly`),
    );
    expect(planned.slice(0, brief.length)).toEqual(brief);
    expect(planned.length).toBe(brief.length + flows.length);
  });

  test.each(
    services.flatMap((service) => service.applications.map(({ name }) => ({ id: service.name, service, name }))),
  )('of the adapter of $name of $id tries every clause that judges its part in a flow, and nobody else', (check) => {
    const { service, name } = check;
    const flowsOfCheck = service.flows.map((flow) => ({ ...flow, underTest: [name] }));
    const selection = { claimed: claimedBy('core'), application: name };
    const planned = planTrials([{ ...service, flows: flowsOfCheck }], catalogue, selection, 1);
    const tried = new Set(planned.flatMap(({ header }) => header.clauses.map((clause) => `${clause} ${header.flow}`)));
    const asked = flowsOfCheck.flatMap((flow) =>
      catalogue.clauses
        .filter((clause) => clause.checker !== undefined && claimedBy('core').includes(clause.id))
        .filter((clause) => applies(clause, flow) && judges(clause, rolesIn(flow, name)))
        .map((clause) => `${clause.id} ${flow.id}`),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((each) => !tried.has(each))).toEqual([]);
    const named = (scenario: string) => planned.filter((plan) => plan.scenario.name === scenario);
    for (const { flow } of named('lost-acknowledgements')) expect(flow.senders).toContain(name);
    for (const { flow } of named('invalid-injected'))
      expect(flow.receivers.map(({ application }) => application)).toContain(name);
    for (const plan of named('cut-off')) {
      const steps = plan.scenario.workload(service, plan.flow, 1).lanes.flat();
      expect(steps.filter((step) => step.do === 'cut').map(({ application }) => application)).toEqual([name]);
    }
  });

  test('has every trial that can decide a selected clause, and no other', () => {
    const selected = planTrials(services, catalogue, { clauses: ['ORD-4'] }, 1);
    expect(selected).toEqual(trials.filter(({ header }) => header.clauses.includes('ORD-4')));
    expect(selected.length).toBeGreaterThan(0);
  });
});

/** Keywords that say something of a value themselves; those that apply other schemas are broken through them. */
const assertions = new Set(
  `type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format
   maxItems minItems uniqueItems maxProperties minProperties required dependentRequired contains oneOf propertyNames not`.split(
    /\s+/,
  ),
);

/** Keywords whose schemas only ask something of a value: `contains` fails as a whole. */
const asking = ['if', 'contains', 'not'];

/** The assertions of a schema, but for those that only ask. */
function assertionsIn(schema: JsonValue): readonly string[] {
  if (Array.isArray(schema)) return (schema as readonly JsonValue[]).flatMap(assertionsIn);
  if (!isJsonObject(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (asking.includes(keyword) || keyword === 'enum' || keyword === 'const')
      return assertions.has(keyword) ? [keyword] : [];
    if (['properties', 'patternProperties', '$defs', 'dependentSchemas'].includes(keyword) && isJsonObject(value))
      return Object.values(value).flatMap(assertionsIn);
    return [...(assertions.has(keyword) ? [keyword] : []), ...assertionsIn(value)];
  });
}

describe.each(
  flows.flatMap(({ flow }) =>
    [flow.messages, flow.replies].filter((list) => list.length > 0).map((list) => ({ flow, list })),
  ),
)('the planned violations of $flow.id', ({ list }) => {
  test.each([1, 2, 3])(
    'break every keyword, every rule and every header that its events cannot do without (seed %i)',
    (seed) => {
      const planned = oneOfEach(list, randomFrom(seed));
      const keywords = planned.flatMap(({ violation }) =>
        violation.kind === 'schema' && violation.misread === undefined ? [violation.keyword] : [],
      );
      expect(new Set(keywords).size).toBe(keywords.length);
      const wanted = new Set(list.flatMap(({ payload }) => assertionsIn(payload)));
      expect([...wanted].filter((keyword) => !keywords.includes(keyword))).toEqual([]);
      const misread = planned.flatMap(({ violation }) =>
        violation.kind === 'schema' && violation.misread !== undefined
          ? [`${violation.keyword} ${violation.misread}`]
          : [],
      );
      const readable = (keyword: string, misreading: Misreading): boolean =>
        list.some((message) =>
          placesOfSchema(message).some(
            (place) => place.keyword === keyword && isMisreadable(message, place, misreading),
          ),
        );
      expect(misread).toEqual(
        ['pattern', 'format'].flatMap((keyword) =>
          misreadings.filter((misreading) => readable(keyword, misreading)).map((one) => `${keyword} ${one}`),
        ),
      );
      const rules = planned.flatMap(({ type, violation }) =>
        violation.kind === 'rule'
          ? [`${type} ${String(violation.rule)} ${violation.closely === true ? 'closely' : 'plainly'}`]
          : [],
      );
      expect(rules).toEqual(
        list.flatMap((message) =>
          message.rules.flatMap((_, index) =>
            ['plainly', 'closely'].map((how) => `${message.name} ${String(index)} ${how}`),
          ),
        ),
      );
      const headers = planned.flatMap(({ violation }) =>
        violation.kind === 'header' ? [`${violation.header} ${violation.how}`] : [],
      );
      expect(headers).toEqual(
        expect.arrayContaining([
          'ce-specversion absent',
          'ce-type absent',
          'ce-time malformed',
          'ce-classification not-allowed',
          'ce-datacontenttype not-allowed',
          'ce-datacontenttype batch-mode',
          'ce-datacontenttype with-parameter',
        ]),
      );
    },
  );
});

test('most places of every schema can be broken', () => {
  const unbreakable = messages.flatMap((message: Message) =>
    placesOfSchema(message)
      .filter((place) => !isBreakable(message, place))
      .map(({ keyword, schemaPath }) => `${message.name} ${keyword} ${schemaPath}`),
  );
  // Conditions are no assertions; of the others few are shadowed by a neighbour.
  expect(unbreakable.filter((place) => !/\/if(?:\/|$)/.test(place)).length).toBeLessThan(10);
});
