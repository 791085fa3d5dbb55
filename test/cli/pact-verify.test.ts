import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { busworthy, checkout, TemporaryFolder, troubled, type Ended } from './busworthy.ts';
import { about, pact, part, question, rule } from './pact-files.ts';
import { exampleOf, give, ProviderServer, type Answering } from './provider-application.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(() => folder[Symbol.asyncDispose]());

interface Found {
  readonly pacts: readonly {
    readonly interaction?: {
      readonly pact: string;
      readonly description: string;
      readonly pending: boolean;
      readonly judged: number;
      readonly held: number;
      readonly source: string;
      readonly tried: number;
    };
  }[];
  readonly verdicts: readonly { readonly clause: string; readonly verdict: string; readonly reason: string }[];
}

const seeded = ['--seed', '5', '--shrink', '0'];

async function write(name: string, content: unknown): Promise<string> {
  const path = folder.file(name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  return path;
}

/** Verifies pacts of a service as a user does. */
async function verify(service: string, pacts: readonly unknown[], ...more: readonly string[]): Promise<Ended> {
  const files = await Promise.all(pacts.map((each, at) => write(`pact-${String(at)}.json`, each)));
  const named = files.flatMap((file) => ['--pact', file]);
  return busworthy(['pact', 'verify', service, ...named, ...seeded, '--out', folder.file('out'), ...more]);
}

const found = async (): Promise<Found> =>
  JSON.parse(await readFile(folder.file('out/latest/run.json'), 'utf8')) as Found;

/** What was found of an interaction. */
async function interaction(description: string): Promise<NonNullable<Found['pacts'][number]['interaction']>> {
  const { pacts } = await found();
  const own = pacts.find((each) => each.interaction?.description === description)?.interaction;
  if (own === undefined) throw new Error(`nothing was found of ${description}`);
  return own;
}

const verdict = async (clause: string): Promise<string | undefined> =>
  (await found()).verdicts.find((each) => each.clause === clause)?.verdict;

const incident = { 'ce-type': 'IncidentCreated' };
const anySummary = rule('$.summary', { match: 'type' });
const loose = about('an incident', { summary: 'x' }, incident, anySummary);
/** The contract promises any grade, and this consumer expects one. */
const onlyGrade = (more: object = {}): object => about('a grade', { grade: 'I' }, incident, more);
const mobile = (...interactions: readonly object[]): object => pact('mobile', 'command-and-control', ...interactions);
const vehicle = ['--flow', 'records-check/vehicle-checks'];
const anyOutcome = part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply' }, rule('$.outcome', { match: 'type' }));

describe('pact verify is red', () => {
  test('where the second response of a question is wrong, and names that one', async () => {
    const second = part({ code: 'throttled' }, { 'ce-type': 'CheckError' });
    const asked = pact('mobile', 'records-gateway', question([anyOutcome, second]));
    const { code, stdout } = await verify('records-check', [asked], ...vehicle);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {4}a vehicle .*: (2[1-9]|3\d|40) of 41 drawn from the contract as expected/u);
    expect(stdout).toMatch(/response 2 \$\.code: expected to be equal to 'throttled'/u);
    expect(stdout).not.toMatch(/ response 1? ?\$/u);
  });

  test('where metadata of a response is not there: the library would drop the demand', async () => {
    const demanding = part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply', tracestate: 'vendor=1' });
    const asked = pact(
      'mobile',
      'records-gateway',
      question([{ ...demanding, ...rule('$.outcome', { match: 'type' }) }]),
    );
    const { code, stdout } = await verify('records-check', [asked], ...vehicle);
    expect(code).toBe(1);
    expect(stdout).toMatch(/response metadata tracestate: expected to be equal to 'vendor=1'/u);
  });

  test('where the contract does not promise what is demanded, with the message that shows it and commands that show it again', async () => {
    const ended = await verify('incident-lifecycle', [mobile(loose, onlyGrade())], '--shrink', '10');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/ok {6}an incident/u);
    expect(ended.stdout).toMatch(
      /message \$\.grade: expected to be equal to 'I' \(String\), actual "[SER]"\n +in +\{/u,
    );
    // The folder of the service has another pact of the same two: the commands are about this one.
    expect(/again +busworthy run (.*)/u.exec(ended.stdout)?.[1]).toContain(`--pact ${folder.file('pact-0.json')}`);
    const file = /busworthy replay (\S+)/u.exec(ended.stdout)?.[1] ?? '';
    const replayed = await busworthy(['replay', file]);
    expect(replayed.stdout).toMatch(/expected {2}"a grade" of mobile-command-and-control, message: \$\.grade/u);
    expect(replayed.code).toBe(1);
  });

  test('where one of two pacts of the same consumer is wrong, whichever comes first', async () => {
    const { code } = await verify('incident-lifecycle', [mobile(onlyGrade()), mobile(loose)]);
    expect(code).toBe(1);
    expect(await interaction('an incident')).toMatchObject({ judged: 20, held: 20 });
    expect(await interaction('a grade')).toMatchObject({ judged: 20 });
    expect((await interaction('a grade')).held).toBeLessThan(20);
  });

  test('where the adapter drops a header that a consumer expects', async () => {
    const program = `${checkout}/harness/calibrate/faulty-adapter.ts`;
    const command = JSON.stringify([process.execPath, program, 'loses-what-a-pact-expects']);
    const adapter = await write(
      'adapter.yaml',
      `service: incident-lifecycle\napplication: command-and-control\ncommand: ${command}\n`,
    );
    const correlated = about(
      'an incident',
      { summary: 'x' },
      { ...incident, 'ce-correlationid': 'c' },
      {
        matchingRules: {
          body: { '$.summary': { matchers: [{ match: 'type' }] } },
          metadata: { 'ce-correlationid': { matchers: [{ match: 'type' }] } },
        },
      },
    );
    const { code, stdout } = await verify('incident-lifecycle', [mobile(correlated)], '--adapter', adapter);
    expect(code).toBe(1);
    expect(stdout).toMatch(/message metadata ce-correlationid: expected .*, actual nothing/u);
  });
});

describe('what is pending', () => {
  test('is judged and told apart, and makes nothing red and nothing green', async () => {
    const { code, stdout } = await verify('incident-lifecycle', [mobile(onlyGrade({ pending: true }))]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/pending a grade .*: \d+ of 20 drawn/u);
    expect(stdout).toMatch(/message \$\.grade: expected to be equal to 'I'/u);
    const { pending, held } = await interaction('a grade');
    expect({ pending, allHeld: held === 20 }).toEqual({ pending: true, allHeld: false });
    expect(await verdict('CON-1')).toBe('not-tested');
    expect(await verdict('CON-2')).toBe('not-tested');
  });

  test('leaves the answer to the others', async () => {
    const { code, stdout } = await verify('incident-lifecycle', [mobile(onlyGrade({ pending: true }), loose)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/pending a grade/u);
    expect(stdout).toMatch(/ok {6}an incident/u);
  });
});

describe('pact verify is refused, in one sentence,', () => {
  test.each<[string, unknown, RegExp]>([
    ['a pact without interactions', mobile(), /pact-0\.json: the pact has no interactions/u],
    [
      'an unknown message',
      mobile(about('a', {}, { 'ce-type': 'IncidentCreatd' })),
      /no message IncidentCreatd; did you/u,
    ],
    [
      'an unknown subject',
      mobile(about('a', {}, { ...incident, subject: 'nowhere' })),
      /the subject "nowhere" is none/u,
    ],
    [
      'an unknown consumer',
      pact('nobody', 'command-and-control', loose),
      /pact-0\.json:\d+:\d+: the consumer "nobody" is no/u,
    ],
    [
      'a state that nobody declares',
      mobile(onlyGrade({ providerStates: [{ name: 'peace' }] })),
      /the provider state "peace"/u,
    ],
    [
      'a state that cannot be',
      mobile(
        about(
          'a',
          {},
          { 'ce-type': 'IncidentTransferred' },
          {
            providerStates: [{ name: 'an incident is for an agency', params: { agency: 7 } }],
          },
        ),
      ),
      /pact-0\.json:\d+:\d+: .*meets its schema and that of the provider state: the state cannot be/u,
    ],
    [
      'a field that the contract does not have',
      mobile(about('a', { colour: 'red' }, incident)),
      /the field \/colour, which/u,
    ],
    [
      'a type that the contract does not have',
      mobile(about('a', { grade: 7 }, incident)),
      /its \/grade 7 is against enum/u,
    ],
    ['broken JSON', '{ "consumer": ', /pact-0\.json:1.* not JSON/u],
    [
      'version 2',
      { ...mobile(loose), metadata: { pactSpecification: { version: '2.0.0' } } },
      /version 2 of the format, which knows no messages/u,
    ],
  ])('for %s', async (_what, content, says) => {
    const { code, stdout, stderr } = await verify('incident-lifecycle', [content]);
    expect({ code, stdout: stdout.includes('holds') }).toEqual({ code: 3, stdout: false });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/\n {2}next: \S/u);
  });

  test('for an unknown service', async () => {
    const { code, stderr } = await busworthy(['pact', 'verify', 'incident-lifecycl', '--out', folder.file('out')]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/no service incident-lifecycl in .*\n {2}next: name one of .*incident-lifecycle/u);
  });
});

describe('a real provider application', () => {
  const crime = about(
    'a crime',
    { crimeRecorded: true },
    { 'ce-type': 'IncidentClosed' },
    {
      providerStates: [{ name: 'a crime was recorded' }],
    },
  );
  const head = { 'ce-source': 'urn:application:command-and-control', 'ce-partitionkey': '4711/05MAR26' };
  const created = exampleOf('incident-lifecycle', 'IncidentCreated');
  const closed = { ...exampleOf('incident-lifecycle', 'IncidentClosed'), crimeRecorded: true };
  const healthy: Answering = ({ path, body }, response) => {
    if (path === '/states') response.end('{}');
    else if (body.description === 'an incident')
      give(response, 'incident-lifecycle', 'IncidentCreated', created, { ...head, 'ce-sequence': '1' });
    else if (body.description === 'a crime')
      give(response, 'incident-lifecycle', 'IncidentClosed', closed, { ...head, 'ce-sequence': '5' });
    else response.writeHead(404).end('{"error":"no such message"}');
  };

  async function asked(server: ProviderServer, interactions: readonly object[]): Promise<Ended> {
    return verify(
      'incident-lifecycle',
      [mobile(...interactions)],
      '--provider-application',
      server.url('/messages'),
      '--provider-states-setup-url',
      server.url('/states'),
    );
  }

  test('is asked as Pact asks, in the state that the interaction needs, and what it gives is judged', async () => {
    await using server = await ProviderServer.start(healthy);
    const { code, stdout } = await asked(server, [loose, crime]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok {6}a crime .*: 1 of 1 of the provider application as expected/u);
    expect(await interaction('a crime')).toMatchObject({ source: 'application', judged: 1, held: 1 });
    const state = { state: 'a crime was recorded', params: {} };
    expect(server.posted).toEqual([
      { path: '/messages', body: { description: 'an incident' } },
      { path: '/states', body: { ...state, action: 'setup' } },
      {
        path: '/messages',
        body: { description: 'a crime', providerStates: [{ name: 'a crime was recorded', params: {} }] },
      },
      { path: '/states', body: { ...state, action: 'teardown' } },
    ]);
  });

  test('is handed the request of a question, and what it answers is judged', async () => {
    const answering =
      (outcome: string): Answering =>
      (_posted, response) => {
        const reply = { ...exampleOf('records-check', 'VehicleCheckReply'), outcome };
        give(response, 'records-check', 'VehicleCheckReply', reply, { 'ce-source': 'urn:application:records-gateway' });
      };
    await using server = await ProviderServer.start(answering('FOUND'));
    const known = part({ outcome: 'FOUND' }, { 'ce-type': 'VehicleCheckReply' });
    const both = [pact('mobile', 'records-gateway', question([known]))];
    const to = ['--provider-application', server.url('/')];
    expect(await verify('records-check', both, ...vehicle, ...to)).toMatchObject({ code: 0 });
    expect(server.posted[0]?.body.request).toMatchObject({ contents: { content: { vrm: 'AB00CDE' } } });
  });

  const contents = ['of the first', 'of the second'].map((text) => Buffer.from(text));
  const example = exampleOf('case-file-transfer', 'BundleOffered');
  const bundle = {
    ...example,
    manifest: contents.map((content, at) => ({
      name: `item-${String(at)}.pdf`,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      mediaType: 'application/pdf',
    })),
    fileCount: contents.length,
    totalBytes: contents.reduce((sum, { length }) => sum + length, 0),
  };
  const offer = about('a bundle', { fileCount: 2 }, { 'ce-type': 'BundleOffered' });
  const offered = pact('prosecution-gateway', 'case-preparation', offer);
  const lateEnough = '2099-03-08T14:00:00+00:00';
  const offering =
    (content: (at: number, response: ServerResponse) => void, expiresAt = lateEnough): Answering =>
    ({ path }, response) => {
      const [, at] = /^\/messages\/content\/given-%2F1\/(\d)$/u.exec(path) ?? [];
      if (at !== undefined) content(Number(at), response);
      else
        give(
          response,
          'case-file-transfer',
          'BundleOffered',
          { ...bundle, expiresAt },
          {
            'ce-id': 'given-/1',
            'ce-source': 'urn:application:case-preparation',
            'ce-partitionkey': example['ptiurn'] as string,
            'ce-expirytime': expiresAt,
          },
        );
    };
  const whole = (at: number, response: ServerResponse): void => void response.end(contents[at]);
  const ofBundles = (server: ProviderServer): Promise<Ended> =>
    verify('case-file-transfer', [offered], '--provider-application', server.url('/messages'));

  test('gives the contents of a bundle as well, and they are what goes to the store', async () => {
    await using server = await ProviderServer.start(offering(whole));
    const { code, stdout } = await ofBundles(server);
    expect(stdout).toMatch(/ok {6}a bundle .*: 1 of 1 of the provider application as expected/u);
    expect(code).toBe(0);
  });

  test('that gives an event which has expired is red', async () => {
    await using server = await ProviderServer.start(offering(whole, '2026-03-08T14:00:00+00:00'));
    const { code, stdout } = await ofBundles(server);
    expect(stdout).toMatch(/observed {2}an event that has expired/u);
    expect(code).toBe(1);
  });

  test.each<[string, (at: number, response: ServerResponse) => void, RegExp]>([
    [
      'has one of them not',
      (at, response) => void (at === 0 ? response.end(contents[0]) : response.writeHead(404).end()),
      /observed {2}the answer 404 to content 1 of its bundle/u,
    ],
    [
      'gives another one than the manifest says',
      (_at, response) => void response.end(contents[1]),
      /observed {2}content 0 of its bundle that is not as its manifest says/u,
    ],
  ])('that names contents and %s is red', async (_how, content, says) => {
    await using server = await ProviderServer.start(offering(content));
    const { code, stdout } = await ofBundles(server);
    expect(stdout).toMatch(says);
    expect(code).toBe(1);
  });

  test('one event may show the interactions of several consumers', async () => {
    await using server = await ProviderServer.start(healthy);
    const others = pact('crime-recording', 'command-and-control', loose);
    const to = ['--provider-application', server.url('/messages')];
    const { code } = await verify('incident-lifecycle', [mobile(loose), others], ...to);
    expect(code).toBe(0);
    const { pacts } = await found();
    expect(pacts.flatMap(({ interaction: own }) => own?.judged ?? [])).toEqual([1, 1]);
  });

  test.each<[string, readonly object[], Answering, RegExp]>([
    ['has no message of that name', [{ ...loose, description: 'unheard of' }], healthy, /observed {2}the answer 404/u],
    [
      'throws, and says so in a body that loose rules would take',
      [about('an incident', {}, incident)],
      (_posted, response) =>
        void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"boom"}'),
      /observed {2}the answer 500/u,
    ],
    [
      'says in a body that it has no such message, with 200',
      [about('an incident', { openingCode: 'COLLISION' }, {}, rule('$.openingCode', { match: 'type' }))],
      (_posted, response) => void response.setHeader('content-type', 'application/json').end('{"error":"none"}'),
      /an event that breaks the contract/u,
    ],
    [
      'cannot be put into the state',
      [crime],
      (posted, response, request) =>
        posted.path === '/states' ? void response.writeHead(500).end() : healthy(posted, response, request),
      /the answer 500 to the setup of the provider state "a crime was recorded"/u,
    ],
    [
      'knows nothing of states',
      [crime],
      (posted, response, request) =>
        posted.path === '/states' ? void response.writeHead(404).end() : healthy(posted, response, request),
      /the answer 404 to the setup of the provider state/u,
    ],
    [
      'gives what the contract allows and the pact does not',
      [loose, crime],
      (posted, response, request) =>
        posted.body.description === 'a crime' && posted.path === '/messages'
          ? give(
              response,
              'incident-lifecycle',
              'IncidentClosed',
              { ...closed, crimeRecorded: false },
              { ...head, 'ce-sequence': '5' },
            )
          : healthy(posted, response, request),
      /\$\.crimeRecorded: expected to be equal to true/u,
    ],
    [
      'leaves a header out',
      [loose],
      (_posted, response) =>
        give(response, 'incident-lifecycle', 'IncidentCreated', created, {
          ...head,
          'ce-sequence': '1',
          'ce-correlationid': null,
        }),
      /an event that breaks the contract \(header ce-correlationid: absent\)/u,
    ],
    [
      'answers nonsense',
      [loose],
      (_posted, response) => void response.setHeader('pact-message-metadata', 'nonsense').end('<html>'),
      /a header Pact-Message-Metadata that is no JSON in base64/u,
    ],
    [
      'sends elsewhere',
      [loose],
      (_posted, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
      /observed {2}the answer 302/u,
    ],
    [
      'answers without end',
      [loose],
      (_posted, response) => {
        const block = Buffer.alloc(1024 * 1024, 32);
        const more = (): void => {
          while (!response.destroyed && response.write(block));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      /an application that answered with more than 8388608 bytes/u,
    ],
  ])('that %s is red', async (_how, interactions, answering, says) => {
    await using server = await ProviderServer.start(answering);
    const { code, stdout } = await asked(server, interactions);
    expect(stdout).toMatch(says);
    expect(stdout).toMatch(/FAIL {2}CON-1/u);
    expect(code).toBe(1);
  });

  test('that is not there, or never answers, says nothing of the provider: one clear error', async () => {
    await using server = await ProviderServer.start(() => undefined);
    expect(await asked(server, [loose])).toMatchObject(troubled(/gave no answer within 10 s/u));
    const to = server.url('/messages');
    await server[Symbol.asyncDispose]();
    const gone = await verify('incident-lifecycle', [mobile(loose)], '--provider-application', to);
    expect(gone).toMatchObject(troubled(/the provider application http:\S+ cannot be reached \(.*ECONNREFUSED/u));
  });

  test('is what provider states are set up for: a URL for them alone is a mistake', async () => {
    const { code, stderr } = await verify(
      'incident-lifecycle',
      [mobile(loose)],
      '--provider-states-setup-url',
      'http://127.0.0.1:9/',
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/--provider-states-setup-url is of a provider application, and none is named/u);
  });
});
