import { describe, expect, it } from 'vitest';
import { Folder } from '../contracts/folders.ts';
import { busworthy, TemporaryFolder } from './busworthy.ts';

const document = 'incident-lifecycle/asyncapi.yaml';
const created = 'incident-lifecycle/schemas/IncidentCreated.json';
const common = 'incident-lifecycle/schemas/common.json';
const payload = './schemas/IncidentCreated.json';

interface Broken {
  readonly title: string;
  readonly file?: string;
  readonly from: string;
  readonly to: string;
  /** A text on the line that must be named. */
  readonly at: string;
  readonly says: RegExp;
}

const bomb = Array.from({ length: 8 }, (_, at) =>
  at === 0
    ? 'x-0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `x-${String(at)}: &a${String(at)} [${`*a${String(at - 1)}, `.repeat(9)}]`,
).join('\n');

const documents: readonly Broken[] = [
  { title: 'is not YAML', from: 'channels:\n', to: 'channels: }\n', at: 'channels: }', says: /not YAML/ },
  {
    title: 'is an alias bomb',
    from: 'channels:\n',
    to: `${bomb}\nchannels:\n`,
    at: '',
    says: /aliases multiply the document/,
  },
  { title: 'breaks AsyncAPI', from: '  version: 1.0.0\n', to: '', at: 'info:', says: /not AsyncAPI: .*version/ },
  { title: 'breaks x-flow', from: 'partitions: 4', to: 'partitions: none', at: 'partitions: none', says: /partitions/ },
  {
    title: 'has an unknown exchange pattern',
    from: 'pattern: ordered-stream',
    to: 'pattern: telepathy',
    at: 'telepathy',
    says: /pattern is none of request-reply/,
  },
  {
    title: 'has a schema that cannot be compiled',
    file: common,
    from: '"type": "integer"',
    to: '"type": "int"',
    at: '"int"',
    says: /the schema is wrong/,
  },
  {
    title: 'has a catastrophic pattern',
    file: common,
    from: '^U\\\\d{6}$',
    to: '^(a+)+$',
    at: '(a+)+',
    says: /the pattern is catastrophic/,
  },
  {
    title: 'has an unknown keyword',
    file: created,
    from: '"maxLength": 500',
    to: '"maxLenght": 500',
    at: 'maxLenght',
    says: /unknown JSON Schema keyword "maxLenght"/,
  },
  {
    title: 'refers to nowhere',
    from: payload,
    to: './schemas/Gone.json',
    at: 'Gone.json',
    says: /names no YAML or JSON file/,
  },
  {
    title: 'refers to the network',
    from: payload,
    to: 'http://127.0.0.1:1/schema.json',
    at: '127.0.0.1',
    says: /nothing is ever fetched/,
  },
  {
    title: 'refers outside its folder',
    from: payload,
    to: '../clauses.yaml',
    at: '../clauses',
    says: /outside of the service's folder/,
  },
  {
    title: 'filters by what no message can meet',
    from: '      rpoMs: 0',
    to: '      rpoMs: 0\n      subscribers: { mobile: { filter: { incidentNo: [ABC] } } }',
    at: 'ABC',
    says: /no message of .* can meet the filter of mobile/,
  },
];

/** What a person is told, one mistake after another: place, reason and next step, and nothing else. */
function mistakesOf(
  stderr: string,
): readonly { readonly place: string; readonly what: string; readonly next: string }[] {
  const lines = stderr.trimEnd().split('\n');
  return Array.from({ length: lines.length / 2 }, (_, at) => {
    const [, place = '', what = ''] = /^(.*?\.(?:yaml|json)(?::\d+(?::\d+)?)?): (.*)$/.exec(lines[2 * at] ?? '') ?? [];
    return { place, what, next: /^ {2}next: (.+)$/.exec(lines[2 * at + 1] ?? '')?.[1] ?? '' };
  });
}

describe('a run of a document that', () => {
  it.each(documents)(
    '$title ends with 3, names the line, and writes nothing',
    async ({ file = document, from, to, at, says }) => {
      await using folder = await Folder.of('incident-lifecycle');
      await using home = await TemporaryFolder.make();
      await folder.edit(file, from, to);
      const args = ['run', 'incident-lifecycle', '--contracts', folder.path, '--out', home.file('out')];
      const { code, stdout, stderr } = await busworthy(args);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      const mistakes = mistakesOf(stderr);
      expect(mistakes.filter(({ place, what, next }) => place === '' || what === '' || next === '')).toEqual([]);
      const found = mistakes.find(({ what }) => says.test(what));
      expect(found?.place ?? stderr).toContain(`${folder.path}/${file}`);
      if (at !== '') expect(found?.place).toMatch(new RegExp(`:${String(await folder.lineOf(file, at))}(:\\d+)?$`));
      expect(await home.list()).toEqual([]);
    },
  );
});

describe('contracts check', () => {
  it('of sound documents says what was found, and ends with 0', async () => {
    const { code, stdout, stderr } = await busworthy(['contracts', 'check', 'unit-state']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^unit-state \d+\.\d+\.\d+: \d+ flows, \d+ messages, .*sha256 [0-9a-f]{12}\n\d+ clauses, .*: all documents are sound\n$/,
    );
  });

  it('tells every mistake at once, counts them, and ends with 3', async () => {
    await using folder = await Folder.of('incident-lifecycle', 'unit-state');
    await folder.edit(document, 'partitions: 4', 'partitions: 0');
    await folder.edit(created, '"maxLength": 500', '"maxLenght": 500');
    const { code, stdout, stderr } = await busworthy(['contracts', 'check', '--contracts', folder.path]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^unit-state \S+: /);
    expect(stdout).not.toMatch(/sound/);
    expect(stderr).toMatch(/\n2 mistakes\n$/);
    expect(mistakesOf(stderr.replace(/2 mistakes\n$/, ''))).toHaveLength(2);
  });

  it('has them as data with --json', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(created, '"maxLength": 500', '"maxLenght": 500');
    const { code, stdout } = await busworthy(['contracts', 'check', '--json', '--contracts', folder.path]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [
        {
          kind: 'contract',
          message: expect.stringContaining('maxLenght') as unknown,
          place: { line: expect.any(Number) as unknown },
        },
      ],
    });
  });

  it('of a service that is not there, or a folder without any, ends with 3', async () => {
    await using home = await TemporaryFolder.make();
    const [unknown, empty, gone] = await Promise.all([
      busworthy(['contracts', 'check', 'nobody']),
      busworthy(['contracts', 'check', '--contracts', home.path]),
      busworthy(['contracts', 'check', '--contracts', home.file('gone')]),
    ]);
    expect(unknown).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^there is no service nobody/) as unknown,
    });
    expect(empty).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('holds no service') as unknown,
    });
    expect(gone).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('cannot be read') as unknown });
  });
});

describe('explain', () => {
  it('of a clause says what it asks, why, how it is tested and who decides it', async () => {
    const { code, stdout } = await busworthy(['explain', 'ord-1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ORD-1 \(MUST\): \S/);
    for (const row of ['Why', 'Judged', 'Patterns', 'Asked of', 'Test', 'Decided', 'Profiles', 'Requirement']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${row.padEnd(12)}\\S`, 'm'));
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('of all of them has a line each, and says which are not tested yet', async () => {
    const [text, json] = await Promise.all([busworthy(['explain']), busworthy(['explain', '--json'])]);
    const clauses = JSON.parse(json.stdout) as readonly { readonly id: string; readonly notTested?: string }[];
    const lines = text.stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(clauses.map(({ id }) => id));
    expect(lines.filter((line) => line.endsWith('(not tested yet)'))).toHaveLength(
      clauses.filter(({ notTested }) => notTested !== undefined).length,
    );
  });
});
