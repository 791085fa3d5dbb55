import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Folder, fullCheckMs, said } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

const document = 'incident-lifecycle/asyncapi.yaml';
const created = 'incident-lifecycle/schemas/IncidentCreated.json';
const common = 'incident-lifecycle/schemas/common.json';

interface Case {
  readonly title: string;
  readonly file?: string;
  /** The text that is replaced, and what replaces it. */
  readonly from?: string;
  readonly to?: string;
  /** All of the file instead. */
  readonly content?: string | Uint8Array;
  /** A text on the line that must be named; absent where the whole file is at fault. */
  readonly at?: string;
  readonly what: RegExp;
}

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => {
    const before = 'abcdef'[at] ?? '';
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

const cases: readonly Case[] = [
  { title: 'is not YAML', content: 'asyncapi: 3.1.0\nchannels: [\n', at: 'channels', what: /not YAML/ },
  {
    title: 'is JSON with a trailing comma',
    file: created,
    from: '"type": "object",',
    to: '"type": "object",,',
    at: ',,',
    what: /not JSON/,
  },
  { title: 'is YAML where JSON is said', file: created, content: 'type: object\n', what: /not JSON/ },
  { title: 'is empty', content: ' \n', what: /the file is empty/ },
  { title: 'is not UTF-8', content: new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]), what: /not UTF-8/ },
  { title: 'is too large', content: `a: ${'x'.repeat(1_048_577)}`, what: /too large: .* at most 1048576/ },
  { title: 'is an alias bomb', content: bomb, what: /aliases multiply the document/ },
  { title: 'contains itself', content: 'a: &a [*a, *a]', what: /aliases multiply|contains itself/ },
  { title: 'nests without end', content: '['.repeat(20_000), what: /nests too deeply|nests deeper|not YAML/ },
  { title: 'is a list', content: '- 1\n', what: /no AsyncAPI 3 document/ },
  {
    title: 'has a key twice',
    from: '      stream: INCIDENTS\n',
    to: '      stream: INCIDENTS\n      stream: OTHER\n',
    at: 'stream: OTHER',
    what: /same key stands twice/,
  },
  {
    title: 'has a key twice in JSON',
    file: common,
    from: '"grade": {',
    to: '"seq": {}, "grade": {',
    at: '"seq": {}',
    what: /same key stands twice/,
  },
  {
    title: 'has __proto__ as a name',
    from: '  title: Incident lifecycle',
    to: '  __proto__: { polluted: true }\n  title: Incident lifecycle',
    at: '__proto__',
    what: /"__proto__" is kept by the language/,
  },
  {
    title: 'has constructor as a field',
    file: created,
    from: '"grade": {',
    to: '"constructor": {}, "grade": {',
    at: 'constructor',
    what: /"constructor" is kept by the language/,
  },
  {
    title: 'has a number that JSON has not',
    from: 'p99Ms: 1000',
    to: 'p99Ms: .inf',
    at: '.inf',
    what: /a number that JSON cannot write/,
  },
  {
    title: 'is another AsyncAPI',
    from: 'asyncapi: 3.1.0',
    to: 'asyncapi: 2.6.0',
    at: 'asyncapi: 2',
    what: /no AsyncAPI 3 document/,
  },
  { title: 'breaks AsyncAPI', from: '  version: 1.0.0\n', to: '', at: 'info:', what: /not AsyncAPI: .*version/ },
  {
    title: 'has an action that is none',
    from: 'action: send',
    to: 'action: shout',
    at: 'action: shout',
    what: /neither send nor receive/,
  },
  {
    title: 'has an operation without applications',
    from: '    x-applications: [command-and-control]\n',
    to: '',
    at: 'publishIncidents:',
    what: /names no applications/,
  },
  {
    title: 'has an operation on a channel that is none',
    from: "channel: { $ref: '#/channels/incidents' }",
    to: "channel: { $ref: '#/channels/accidents' }",
    at: 'accidents',
    what: /leads to nothing/,
  },
  {
    title: 'has an unknown pattern',
    from: 'pattern: ordered-stream',
    to: 'pattern: ordered-streem',
    at: 'ordered-streem',
    what: /x-flow of incidents.pattern is none of request-reply/,
  },
  {
    title: 'has an unknown field of x-flow',
    from: 'attempts: 4',
    to: 'attemps: 4',
    at: 'attemps',
    what: /has no attemps/,
  },
  {
    title: 'lacks a field of x-flow',
    from: '      partitions: 4\n',
    to: '',
    at: 'x-flow:',
    what: /x-flow of incidents lacks partitions/,
  },
  {
    title: 'has a dedupe window below the least',
    from: 'dedupeWindowMs: 120000',
    to: 'dedupeWindowMs: 99',
    at: 'dedupeWindowMs',
    what: /must be >= 100/,
  },
  {
    title: 'has a guarantee of another pattern',
    from: 'state: INCIDENT_SEQUENCES',
    to: 'state: INCIDENT_SEQUENCES\n      bucket: FILES',
    at: 'bucket: FILES',
    what: /bucket does not go with the rest/,
  },
  {
    title: 'promises once what it repeats',
    from: 'delivery: at-least-once',
    to: 'delivery: at-most-once',
    at: 'delivery:',
    what: /delivery must be "at-least-once"/,
  },
  {
    title: 'has more delays than attempts',
    from: 'attempts: 4',
    to: 'attempts: 3',
    at: 'backoffMs',
    what: /3 delays where 3 attempts have 2/,
  },
  {
    title: 'hides that retries exceed the objective',
    from: '      mayExceedObjective: true',
    to: '     ',
    at: 'backoffMs',
    what: /hold its partition for 6250 ms, longer than the objective of 1000 ms/,
  },
  {
    title: 'keeps less long than it dedupes',
    from: 'maxAgeMs: 604800000',
    to: 'maxAgeMs: 60000',
    at: 'dedupeWindowMs',
    what: /dedupe window of 120000 ms is longer/,
  },
  {
    title: 'lets go before expiry',
    from: '      maxBytes: 65536',
    to: '      expiryMs: 604800000\n      maxBytes: 65536',
    at: 'retention',
    what: /before they expire/,
  },
  {
    title: 'takes a name of the bus',
    from: 'stream: INCIDENTS',
    to: 'stream: AUDIT',
    at: 'stream: AUDIT',
    what: /is kept by the bus/,
  },
  {
    title: 'has a key that is no field',
    from: 'key: /incidentNo',
    to: 'key: /incidentNumber',
    at: 'key: /',
    what: /key \/incidentNumber is no field that every IncidentCreated has/,
  },
  {
    title: 'has a key that nothing binds',
    from: '        - { rule: equals-header, field: /incidentNo, header: ce-partitionkey }\n',
    to: '',
    at: 'x-rules:',
    what: /nothing says that \/incidentNo of IncidentCreated equals ce-partitionkey/,
  },
  {
    title: 'has an address outside of its service',
    from: 'address: incident-lifecycle.',
    to: 'address: other.',
    at: 'address: other',
    what: /no subject below incident-lifecycle/,
  },
  {
    title: 'has a parameter without a location',
    from: '        location: $message.header#/ce-partitionkey\n',
    to: '',
    at: 'incidentNo:',
    what: /does not say where its value comes from/,
  },
  {
    title: 'has an address parameter that nothing describes',
    from: 'address: incident-lifecycle.incidents.{incidentNo}',
    to: 'address: incident-lifecycle.incidents.{incidentNo}.{grade}',
    at: 'address:',
    what: /\{grade\} of channel incidents does not say/,
  },
  {
    title: 'fills a parameter from what need not be there',
    from: 'location: $message.header#/ce-partitionkey',
    to: 'location: $message.payload#/grade',
    at: 'location:',
    what: /which IncidentUpdated need not have/,
  },
  {
    title: 'filters for an application that does not receive',
    from: '      rpoMs: 0',
    to: '      rpoMs: 0\n      subscribers: { nobody: { filter: { incidentNo: [A] } } }',
    at: 'nobody:',
    what: /nobody has a filter on channel incidents but receives nothing/,
  },
  {
    title: 'filters by what no message can meet',
    from: '      rpoMs: 0',
    to: '      rpoMs: 0\n      subscribers: { mobile: { filter: { incidentNo: [ABC] } } }',
    at: 'ABC',
    what: /no message of incident-lifecycle\/incidents can meet the filter of mobile: incidentNo is never ABC/,
  },
  {
    title: 'filters by a parameter that is none',
    from: '      rpoMs: 0',
    to: '      rpoMs: 0\n      subscribers: { mobile: { filter: { colour: [red] } } }',
    at: '[red]',
    what: /names no parameter of the address: colour/,
  },
  {
    title: 'pins another schema',
    from: '      payload: { $ref: ./schemas/IncidentCreated.json }',
    to: "      payload: { $ref: ./schemas/IncidentCreated.json }\n      x-schema-sha256: '00'",
    at: 'x-schema-sha256',
    what: /not the one that x-schema-sha256 pins/,
  },
  {
    title: 'has an unknown rule',
    from: 'rule: not-before',
    to: 'rule: before',
    at: 'rule: before',
    what: /is none of equals-header, check-character/,
  },
  {
    title: 'has a rule about a field that is none',
    from: 'field: /openedAt, other',
    to: 'field: /openAt, other',
    at: '/openAt',
    what: /its payload schema has no \/openAt/,
  },
  {
    title: 'has a rule about a time that is none',
    file: common,
    from: '"format": "date-time"',
    to: '"minLength": 1',
    what: /rule not-before of IncidentCreated: \/openedAt is not a time/,
  },
  {
    title: 'has a payload that need not be an object',
    file: created,
    from: '"type": "object",',
    to: '',
    what: /the payload of IncidentCreated need not be an object/,
  },
  {
    title: 'lets the time of an event be no time',
    file: 'incident-lifecycle/schemas/headers.json',
    from: '"format": "date-time"',
    to: '"minLength": 1',
    what: /lets ce-time be no time/,
  },
  {
    title: 'names its dialect by what is no text',
    file: common,
    from: '"https://json-schema.org/draft/2020-12/schema"',
    to: '{}',
    at: '$schema',
    what: /of another draft/,
  },
  {
    title: 'has a message of another name',
    from: 'name: IncidentCreated',
    to: 'name: IncidentMade',
    at: 'name: IncidentMade',
    what: /message IncidentCreated has another name/,
  },
  {
    title: 'lets an attribute of the envelope be left out',
    file: 'incident-lifecycle/schemas/headers.json',
    from: '"ce-correlationid",',
    to: '',
    what: /does not require ce-correlationid/,
  },
  {
    title: 'does not fix the data schema',
    from: "          ce-dataschema: { const: 'urn:busworthy:incident-lifecycle:IncidentCreated:1' }\n",
    to: '',
    what: /does not fix ce-dataschema/,
  },
  {
    title: 'has an unknown keyword',
    file: created,
    from: '"maxLength": 500',
    to: '"maxLenght": 500',
    at: 'maxLenght',
    what: /unknown JSON Schema keyword "maxLenght"/,
  },
  {
    title: 'has an unknown format',
    file: common,
    from: '"format": "date-time"',
    to: '"format": "datetime"',
    at: 'datetime',
    what: /unknown format "datetime"/,
  },
  {
    title: 'has a schema of another draft',
    file: created,
    from: '2020-12/schema',
    to: '2019-09/schema',
    at: '2019-09',
    what: /of another draft/,
  },
  {
    title: 'has an unknown type',
    file: common,
    from: '"type": "integer"',
    to: '"type": "int"',
    at: '"int"',
    what: /the schema is wrong at .*type/,
  },
  {
    title: 'has a wrong value of a keyword',
    file: created,
    from: '"maxLength": 500',
    to: '"maxLength": -1',
    at: '"maxLength": -1',
    what: /must be >= 0/,
  },
  {
    title: 'has a pattern that is none',
    file: common,
    from: '^U\\\\d{6}$',
    to: '^U(\\\\d{6}$',
    at: '^U(',
    what: /no regular expression/,
  },
  ...['^(a+)+$', '^(a|a)*$', '^(a|aa)+b$', '^(.*a){20}$', '^\\\\s*x?\\\\s*$', '^(a{1,50}){1,50}$'].map((pattern) => ({
    title: `has the catastrophic pattern ${pattern}`,
    file: common,
    from: '^U\\\\d{6}$',
    to: pattern,
    at: pattern,
    what: /the pattern is catastrophic/,
  })),
  ...(
    [
      ['to nowhere', './schemas/Nothing.json', /names no YAML or JSON file/],
      ['to no part of a file', './schemas/common.json#/$defs/nothing', /leads to nothing in schemas\/common.json/],
      ['to the network', 'https://example.org/schema.json', /URL, and nothing is ever fetched/],
      ['to a host', '//example.org/schema.json', /URL, and nothing is ever fetched/],
      ['to a file by URL', 'file:///etc/hostname', /URL, and nothing is ever fetched/],
      ['to an absolute path', '/etc/hostname', /no plain relative path/],
      ['upwards', '../clauses.yaml', /outside of the service's folder/],
      ['upwards in disguise', './schemas/../../clauses.yaml', /outside of the service's folder/],
      ['upwards in escapes', './%2e%2e/clauses.yaml', /no plain relative path/],
      ['by backslashes', '..\\clauses.yaml', /no plain relative path/],
    ] as const
  ).map(([title, to, what]) => ({
    title: `refers ${title}`,
    from: './schemas/IncidentCreated.json',
    to: `'${to}'`,
    at: to,
    what,
  })),
  {
    title: 'refers to the network from where no schema stands',
    from: 'license:',
    to: 'x-note: { $ref: http://127.0.0.1:9/ }\n  license:',
    at: '127.0.0.1',
    what: /nothing is ever fetched/,
  },
  {
    title: 'has a schema that refers to itself for the same value',
    file: common,
    from: '"maxLength": 40',
    to: '"$ref": "#/$defs/time"',
    at: '"#/$defs/time"',
    what: /refers back to itself for the same value/,
  },
  {
    title: 'has a valid example that is not',
    file: 'incident-lifecycle/examples/IncidentGraded.valid.json',
    from: '"grade": "S"',
    to: '"grade": "Z"',
    at: '"Z"',
    what: /the valid example breaks the schema: enum at \/grade/,
  },
  {
    title: 'has a valid example that breaks a rule',
    file: 'incident-lifecycle/examples/ResourceAssigned.valid.json',
    from: '"crewSize": 2',
    to: '"crewSize": 5',
    at: 'crewSize',
    what: /the valid example breaks the rule count at \/crewSize/,
  },
  {
    title: 'has an invalid example that is valid',
    file: 'incident-lifecycle/examples/ResourceAssigned.invalid.json',
    from: '"crewSize": 3',
    to: '"crewSize": 2',
    what: /breaks neither schema nor rules/,
  },
];

describe('a contract document that', () => {
  it.each(cases)('$title is refused at its line', async ({ file = document, from, to, content, at, what }) => {
    await using folder = await Folder.of('incident-lifecycle');
    if (content !== undefined) await folder.write(file, content);
    else await folder.edit(file, from ?? '', to ?? '');
    const summary = await folder.check();
    const lines = said(folder, summary);
    expect(lines.join('\n')).toMatch(what);
    const found = summary.problems.find(({ message }) => what.test(message));
    expect(found?.kind).toBe('contract');
    expect(found?.next).not.toBe('');
    expect(found?.message).not.toMatch(/\n|\bat .*:\d+:\d+\)/);
    if (at !== undefined)
      expect({ line: found?.place?.line, lines }).toEqual({ line: await folder.lineOf(file, at), lines });
    else expect(found?.place?.file).toContain('incident-lifecycle/');
  });

  it('breaks many things is told all of them at once', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(document, 'partitions: 4', 'partitions: 0');
    await folder.edit(document, 'p99Ms: 1000', 'p99Ms: soon');
    await folder.edit(created, '"maxLength": 500', '"maxLenght": 500');
    expect(said(folder, await folder.check())).toHaveLength(3);
  });

  it('is a symbolic link is refused', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await symlink('/etc/hostname', join(folder.path, 'incident-lifecycle/schemas/link.json'));
    expect(said(folder, await folder.check())).toEqual([
      "incident-lifecycle/schemas/link.json the service's folder holds a symbolic link",
    ]);
  });

  it('is a socket is refused, and never opened', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await using server = createServer();
    await once(server.listen(join(folder.path, 'incident-lifecycle/schemas/socket.json')), 'listening');
    expect(said(folder, await folder.check())).toEqual([
      "incident-lifecycle/schemas/socket.json the service's folder holds no regular file",
    ]);
  });
});

describe('contract files that refer to one another', () => {
  it('in a circle are refused, with the circle', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(common, '"type": "string",', '"type": "string", "not": { "$ref": "./IncidentCreated.json" },');
    expect(said(folder, await folder.check()).join('\n')).toMatch(/circle/);
  });

  it('may hold a tree, which refers to itself for its branches', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(created, '"summary": {', '"tree": { "$ref": "./common.json#/$defs/tree" }, "summary": {');
    await folder.edit(
      common,
      '"incidentNo": {',
      '"tree": { "type": "object", "properties": { "branches": { "type": "array", "maxItems": 2, "items": { "$ref": "#/$defs/tree" } } } }, "incidentNo": {',
    );
    expect(said(folder, await folder.check())).toEqual([]);
  });
});
