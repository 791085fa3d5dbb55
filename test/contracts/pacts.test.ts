import { describe, expect, test } from 'vitest';
import { withPactsOf } from '../../harness/contracts/index.ts';
import { contradictionsOf } from '../../harness/generate/pacts/contradictions.ts';
import { formatPlace, Problem, Problems } from '../../harness/model/errors.ts';
import type { Service } from '../../harness/model/flow.ts';
import { services } from '../fixtures/services.ts';

const incidents = bare('incident-lifecycle');
const records = bare('records-check');

function bare(name: string): Service {
  const service = services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return { ...service, flows: service.flows.map(({ pacts: _pacts, ...flow }) => flow) };
}

const read = (service: Service, pact: unknown): Service =>
  withPactsOf(service, [
    { file: 'p.json', bytes: Buffer.from(typeof pact === 'string' ? pact : JSON.stringify(pact, null, 1)) },
  ]);

/** Every mistake of a pact, as a person reads them: `file:line what`. */
function mistakesOf(service: Service, pact: unknown): readonly string[] {
  const say = (problem: Problem): string =>
    `${problem.place === undefined ? '' : formatPlace({ file: problem.place.file, ...(problem.place.line === undefined ? {} : { line: problem.place.line }) })} ${problem.message}`;
  try {
    return contradictionsOf(read(service, pact)).map(say);
  } catch (cause) {
    if (cause instanceof Problems) return cause.problems.map(say);
    if (cause instanceof Problem) return [say(cause)];
    throw cause;
  }
}

const event = (more: object = {}) => ({
  description: 'an incident',
  contents: { incidentNo: '1/05MAR26', grade: 'I' },
  metaData: { 'ce-type': 'IncidentCreated' },
  ...more,
});
const three = (messages: readonly unknown[], more: object = {}) => ({
  consumer: { name: 'mobile' },
  provider: { name: 'command-and-control' },
  messages,
  metadata: { pactSpecification: { version: '3.0.0' } },
  ...more,
});
const four = (interactions: readonly unknown[], more: object = {}) => ({
  consumer: { name: 'mobile' },
  provider: { name: 'records-gateway' },
  interactions,
  metadata: { pactSpecification: { version: '4.0' } },
  ...more,
});
const part = (content: unknown, metadata: object = {}, more: object = {}) => ({
  contents: { content, contentType: 'application/json', encoded: false },
  metadata,
  ...more,
});
const question = (more: object = {}) => ({
  type: 'Synchronous/Messages',
  description: 'a vehicle',
  request: part({ vrm: 'AB00CDE' }, { 'ce-type': 'VehicleCheckRequest' }),
  response: [part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply' })],
  ...more,
});

describe('a pact', () => {
  test('of version 3 is read whole', () => {
    const matchingRules = {
      body: { '$.grade': { combine: 'AND', matchers: [{ match: 'regex', regex: '^[ISER]$' }] } },
    };
    const providerStates = [{ name: 'a crime was recorded', params: { a: 1 } }];
    const [pact] = read(incidents, three([event({ matchingRules, providerStates })])).flows[0]?.pacts ?? [];
    expect(pact).toMatchObject({ name: 'mobile-command-and-control', specification: 3, file: 'p.json' });
    expect(pact?.interactions[0]).toMatchObject({
      kind: 'asynchronous',
      states: providerStates,
      pending: false,
      message: {
        type: 'IncidentCreated',
        contents: { grade: 'I' },
        metadata: { 'ce-type': 'IncidentCreated' },
        matchingRules,
      },
    });
  });

  test('of version 4 is read whole, with every response, its metadata and what it says of itself', () => {
    const response = [
      part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply', 'ce-classification': 'OFFICIAL' }),
      part({ code: 'throttled' }, { 'ce-type': 'CheckError' }),
    ];
    const [pact] =
      read(records, four([question({ response, pending: true, comments: { text: ['as agreed'] } })])).flows[0]?.pacts ??
      [];
    expect(pact?.interactions[0]).toMatchObject({
      kind: 'synchronous',
      pending: true,
      comments: { text: ['as agreed'] },
      responses: [
        { type: 'VehicleCheckReply', metadata: { 'ce-classification': 'OFFICIAL' } },
        { type: 'CheckError', contents: { code: 'throttled' } },
      ],
    });
  });

  test.each([
    [
      'in base64',
      { content: Buffer.from('{"grade":"I"}').toString('base64'), contentType: 'application/json', encoded: 'base64' },
    ],
    ['as text that holds JSON', { content: '{"grade":"I"}', contentType: 'application/json', encoded: 'JSON' }],
    ['as JSON', { content: { grade: 'I' }, contentType: 'application/json; charset=utf-8', encoded: false }],
  ])('whose contents are %s has the same contents', (_how, contents) => {
    const interaction = {
      type: 'Asynchronous/Messages',
      description: 'a',
      contents,
      metadata: { 'ce-type': 'IncidentCreated' },
    };
    const pact = { ...four([interaction]), provider: { name: 'command-and-control' } };
    expect(read(incidents, pact).flows[0]?.pacts?.[0]?.interactions[0]?.message.contents).toEqual({ grade: 'I' });
  });

  test('whose generators are written without the root of their path has them with it', () => {
    const uuid = { type: 'Uuid' };
    const [pact] = read(incidents, three([event({ generators: { content: { grade: uuid } } })])).flows[0]?.pacts ?? [];
    expect(pact?.interactions[0]?.message.generators).toEqual({ body: { '$.grade': uuid } });
  });

  test('that names no message is about the only one that has its fields', () => {
    const interaction = question({ request: part({ vrm: 'AB00CDE' }), response: [part({ outcome: 'FOUND' })] });
    const [pact] = read(records, four([interaction])).flows[0]?.pacts ?? [];
    expect(pact?.interactions[0]?.message.type).toBe('VehicleCheckRequest');
    expect(pact?.interactions[0]?.responses[0]?.type).toBe('VehicleCheckReply');
  });

  test.each<[string, Service, unknown, RegExp]>([
    ['is broken JSON', incidents, '{ "consumer": ', /^p\.json:1 not JSON/],
    ['is no pact', incidents, {}, /the file is no pact/],
    [
      'has version 2',
      incidents,
      three([event()], { metadata: { pactSpecification: { version: '2.0.0' } } }),
      /version 2 of the format, which knows no messages/,
    ],
    [
      'has an unknown version',
      incidents,
      three([event()], { metadata: { pactSpecification: { version: '9.0' } } }),
      /^p\.json:\d+ version "9\.0" of the pact format is not known/,
    ],
    ['says no version', incidents, three([event()], { metadata: {} }), /does not say which version/],
    ['has no interactions', incidents, three([]), /^p\.json the pact has no interactions/],
    [
      'is over HTTP',
      records,
      four([{ type: 'Synchronous/HTTP', description: 'get', request: { path: '/' } }]),
      /"get" is one over HTTP/,
    ],
    [
      'has interactions of an unknown type',
      records,
      four([{ type: 'Carrier/Pigeon', description: 'a' }]),
      /type "Carrier\/Pigeon" is not known/,
    ],
    [
      'needs a plugin',
      records,
      four([question()], { metadata: { pactSpecification: { version: '4.0' }, plugins: [{ name: 'csv' }] } }),
      /needs the plugin "csv"/,
    ],
    [
      'is of an unknown consumer',
      incidents,
      three([event()], { consumer: { name: 'mobil' } }),
      /^p\.json:3 the consumer "mobil" is no application .*did you mean mobile/,
    ],
    [
      'is of an unknown provider',
      incidents,
      three([event()], { provider: { name: 'nobody' } }),
      /the provider "nobody" is no application of incident-lifecycle/,
    ],
    [
      'is about an unknown message',
      incidents,
      three([event({ metaData: { 'ce-type': 'IncidentCreatd' } })]),
      /no message IncidentCreatd; did you mean IncidentCreated/,
    ],
    [
      'is about an unknown subject',
      incidents,
      three([event({ metaData: { 'ce-type': 'IncidentCreated', subject: 'incidents.new' } })]),
      /the subject "incidents\.new" is none/,
    ],
    [
      'asks for an undeclared state',
      incidents,
      three([event({ providerStates: [{ name: 'a crime was recordet' }] })]),
      /the provider state "a crime was recordet" is declared nowhere; did you mean "a crime was recorded"/,
    ],
    [
      'gives a state too little',
      incidents,
      three([event({ providerStates: [{ name: 'an incident is for an agency' }] })]),
      /needs the parameter agency/,
    ],
    [
      'has a rule of an unknown kind',
      incidents,
      three([event({ matchingRules: { body: { '$.grade': { matchers: [{ match: 'typ' }] } } } })]),
      /no known kind: "typ"; did you mean type/,
    ],
    [
      'has rules for what a message has not',
      incidents,
      three([event({ matchingRules: { path: { a: {} } } })]),
      /matching rules for "path" are not known/,
    ],
    [
      'has a generator of an unknown kind',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'Uid' } } } })]),
      /the generator for \$\.grade is of a kind that is not known here: "Uid"; did you mean Uuid/,
    ],
    [
      'has a generator of HTTP',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'MockServerURL', regex: '.*' } } } })]),
      /is of a kind that is not known here: "MockServerURL"/,
    ],
    [
      'has a generator that takes what no state gives',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'ProviderState', expression: '${grade}' } } } })]),
      /takes grade from the provider state, and no state of the interaction gives it/,
    ],
    [
      'has a generator of dates in a format that is not known',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'Date', format: 'EEE' } } } })]),
      /has a format that is not known here: "EEE"/,
    ],
    [
      'has a generator for many places',
      incidents,
      three([event({ generators: { body: { '$.list[*]': { type: 'Uuid' } } } })]),
      /the generator for \$\.list\[\*\] has no single place/,
    ],
    [
      'has a generator of a text that nothing can make',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'Regex', regex: '(?<=a)(?=b)I' } } } })]),
      /a generator Regex cannot be applied/,
    ],
    [
      'generates what the contract rules out',
      incidents,
      three([event({ generators: { body: { '$.grade': { type: 'RandomString', size: 4 } } } })]),
      /its \/grade ".{4}" is against enum/,
    ],
    ['has contents that are no JSON', incidents, three([event({ contents: '<a/>' })]), /the contents are no JSON/],
    [
      'has events where there are questions',
      records,
      { ...four([{ type: 'Asynchronous/Messages', description: 'a', ...part({ vrm: 'A' }) }]) },
      /gets no events from records-gateway/,
    ],
    [
      'asks for a field that there is not',
      incidents,
      three([event({ contents: { colour: 'red' } })]),
      /asks for the field \/colour, which the schema of IncidentCreated does not have/,
    ],
    [
      'has a value of another type',
      incidents,
      three([event({ contents: { location: { easting: 'far' } } })]),
      /its \/location\/easting "far" is against type/,
    ],
    [
      'has a word that is not on the list',
      incidents,
      three([event({ contents: { grade: 'X' } })]),
      /its \/grade "X" is against enum/,
    ],
    [
      'has what the contract forbids there',
      records,
      four([
        question({
          response: [
            part({ outcome: 'NOT-FOUND', vehicle: { make: 'A', colour: 'RED' } }, { 'ce-type': 'VehicleCheckReply' }),
          ],
        }),
      ]),
      /its \/vehicle .*is against false schema/,
    ],
    [
      'asks for a header that there is not',
      incidents,
      three([event({ metaData: { 'ce-type': 'IncidentCreated', 'x-priority': '1' } })]),
      /asks for the header x-priority, which no IncidentCreated has/,
    ],
    [
      'asks for a classification over the ceiling',
      incidents,
      three([event({ metaData: { 'ce-type': 'IncidentCreated', 'ce-classification': 'SECRET' } })]),
      /the classification SECRET, which incident-lifecycle\/incidents does not carry/,
    ],
    [
      'asks for a subject of replies',
      records,
      four([question({ response: [part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply', subject: 'a' })] })]),
      /a reply travels on the one that its asker gave/,
    ],
  ])('that %s is told so, with its place', (_what, service, pact, said) => {
    const mistakes = mistakesOf(service, pact);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(said);
    expect(mistakes[0]).toMatch(/^p\.json/);
  });

  test('may ask for what the contract rules out as long as it is pending: it is judged, and never counts', () => {
    expect(mistakesOf(incidents, three([event({ contents: { grade: 'X' }, pending: true })]))).toEqual([]);
  });
});
