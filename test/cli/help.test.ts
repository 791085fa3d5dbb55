import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busworthy, checkout } from './busworthy.ts';

describe('help', () => {
  it.each([
    ['run'],
    ['judge'],
    ['calibrate'],
    ['contracts', 'check'],
    ['adapter', 'check'],
    ['adapter', 'init'],
    ['bus', 'up'],
    ['explain'],
  ])('of %s %s has its options, examples and exit codes, on standard output', async (...words) => {
    const { code, stdout, stderr } = await busworthy([...words.filter((word) => typeof word === 'string'), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: busworthy ${words.join(' ')} [options]`);
    expect(stdout).toMatch(/\nExamples:\n {2}busworthy /);
    expect(stdout).toMatch(/\nExit codes:\n {2}0 {4}/);
    expect(stdout).toMatch(/\n {2}3 {4}the command line/);
  });

  it('of the program names every command', async () => {
    const { code, stdout } = await busworthy(['--help']);
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}\w+ (?=\[|<| )/gm)?.map((name) => name.trim())).toEqual(
      expect.arrayContaining(['run', 'judge', 'calibrate', 'contracts', 'bus', 'explain']),
    );
  });

  it('is what comes for want of a command, as a mistake', async () => {
    const ends = await Promise.all([busworthy([]), busworthy(['bus'])]);
    for (const { code, stdout, stderr } of ends) {
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(/^Usage: busworthy/);
    }
  });

  it('lines are no wider than 80 columns where there is no terminal, but for examples and exit codes', async () => {
    const { stdout } = await busworthy(['run', '--help']);
    const [options = ''] = stdout.split('\nExamples:');
    expect(options.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('--version is the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string };
    expect(await busworthy(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

interface Mistake {
  readonly args: readonly string[];
  readonly says: string | RegExp;
  readonly next: string | RegExp;
}

const mistakes: readonly Mistake[] = [
  { args: ['rnu'], says: "busworthy: unknown command 'rnu'. Did you mean run?", next: 'busworthy --help' },
  { args: ['frobnicate'], says: "busworthy: unknown command 'frobnicate'", next: 'busworthy --help' },
  {
    args: ['contracts', 'chekc'],
    says: "busworthy contracts: unknown command 'chekc'. Did you mean check?",
    next: 'busworthy contracts --help',
  },
  {
    args: ['run', '--sed', '1'],
    says: "busworthy run: unknown option '--sed'. Did you mean --seed?",
    next: 'busworthy run --help',
  },
  { args: ['run', '--seed'], says: /'--seed <n>' argument missing/, next: 'busworthy run --help' },
  { args: ['judge'], says: "busworthy judge: missing required argument 'journal'", next: 'busworthy judge --help' },
  { args: ['explain', 'A', 'B'], says: /too many arguments/, next: 'busworthy explain --help' },
  ...['1.5', 'seven', '', '1e3', '99999999999999999999'].map((seed) => ({
    args: ['run', `--seed=${seed}`],
    says: /'--seed <n>' argument '.*' is invalid. Give a whole number./,
    next: 'busworthy run --help',
  })),
  ...['0', '-1', '2.5'].map((width) => ({
    args: ['run', `--width=${width}`],
    says: /Give a whole number above 0/,
    next: 'busworthy run --help',
  })),
  ...['0', '-0.5', '1.01', 'NaN', 'half', ''].map((scale) => ({
    args: ['run', `--time-scale=${scale}`],
    says: /Give a factor above 0, at most 1/,
    next: 'busworthy run --help',
  })),
  ...['0', '65536', 'http'].map((port) => ({
    args: ['bus', 'up', 'unit-state', `--port=${port}`],
    says: /Give a port: 1 to 65535/,
    next: 'busworthy bus up --help',
  })),
  { args: ['run', '--scenario', 'gap,,crash'], says: /Give names with a comma/, next: 'busworthy run --help' },
  { args: ['run', 'nobody'], says: 'there is no service nobody in contracts', next: /^name one of anpr-hit, / },
  { args: ['bus', 'up', 'nobody'], says: 'there is no service nobody in contracts', next: /^name one of anpr-hit, / },
  {
    args: ['run', 'unit-state', '--scenario', 'hapy-flow'],
    says: /no scenario "hapy-flow"; did you mean happy-flow\?/,
    next: /^give one of /,
  },
  {
    args: ['run', 'unit-state', '--clause', 'ORD-99'],
    says: 'there is no clause "ORD-99"',
    next: 'busworthy explain lists the clauses',
  },
  {
    args: ['run', '--flow', 'unit-state/statuses'],
    says: 'there is no flow "unit-state/statuses"; did you mean unit-state/status?',
    next: /^give one of unit-state\//,
  },
  {
    args: ['run', 'unit-state', '--profile', 'cor'],
    says: 'there is no profile "cor"; did you mean core?',
    next: /^give one of core, /,
  },
  {
    args: ['run', 'unit-state', '--scenario', 'gap'],
    says: 'nothing of what was selected can be run',
    next: /^select a scenario/,
  },
  {
    args: ['explain', 'NOTHING-42'],
    says: 'there is no clause "NOTHING-42"',
    next: 'busworthy explain lists the clauses',
  },
  {
    args: ['calibrate', 'nothing'],
    says: 'there is no defect "nothing"',
    next: 'busworthy calibrate --list names them',
  },
  { args: ['run', '--bus', 'kafka'], says: '--bus kafka is no bus', next: /^give process, container, or a URL/ },
  { args: ['run', '--bus', 'nats://'], says: '--bus nats:// is no bus', next: /^give process, container, or a URL/ },
  {
    args: ['run', '--bus', 'nats://me:secret@localhost'],
    says: '--bus takes no user or password in its URL',
    next: /--creds/,
  },
  {
    args: ['run', '--creds', 'me.creds'],
    says: '--creds says nothing about --bus process',
    next: /^leave --creds out/,
  },
  {
    args: ['calibrate', '--bus', 'nats://localhost', '--nats-server', 'x'],
    says: '--nats-server says nothing about --bus nats://localhost',
    next: /^leave --nats-server out/,
  },
];

describe('a mistake on the command line', () => {
  it.each(mistakes)('is told in one line with what to do: $args', async ({ args, says, next }) => {
    const { code, stdout, stderr } = await busworthy(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    const [line = '', then = '', ...rest] = stderr.split('\n');
    expect(rest).toEqual(['']);
    if (typeof says === 'string') expect(line).toBe(says);
    else expect(line).toMatch(says);
    expect(then.slice(0, 8)).toBe('  next: ');
    if (typeof next === 'string') expect(then.slice(8)).toBe(next);
    else expect(then.slice(8)).toMatch(next);
  });

  it('shows its stack with --verbose only', async () => {
    const { code, stderr } = await busworthy(['explain', 'ORDER-1', '--verbose']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/\n {4}at /);
  });
});
