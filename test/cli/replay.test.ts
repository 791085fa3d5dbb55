import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepMessages } from '../../harness/shrink/keep.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { planned } from '../fixtures/services.ts';
import { busworthy, checkout, TemporaryFolder } from './busworthy.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(() => folder[Symbol.asyncDispose]());

const defect = bank.find(({ name }) => name === 'ignores-gap');
const trial = planned.find(({ id }) => id === `${defect?.flow ?? ''}/${defect?.scenario ?? ''}`);
if (defect === undefined || trial === undefined) throw new Error('there is no such defect');
const whole = trial.scenario.workload(trial.service, trial.flow, 7);
// The last of these comes before the one that it follows.
const workload = keepMessages(whole, new Set([whole.messages.length - 2, whole.messages.length - 1]));

/** A counterexample as a run writes it, of a defect of the bank. */
const sound = {
  kind: 'busworthy-counterexample',
  format: 1,
  clause: defect.clause,
  service: trial.service.name,
  flow: trial.flow.id,
  found: { trial: trial.id, scenario: trial.scenario.name, trialSeed: 7, runSeed: 7 },
  verdict: { verdict: 'fail', expected: 'order', observed: 'none', failed: 6, tried: 6 },
  contracts: { [trial.service.name]: trial.service.digest },
  timeScale: 0.02,
  versions: { busworthy: '0.1.0' },
  adapters: [],
  workload,
};

async function file(content: unknown): Promise<string> {
  const path = folder.file('counterexample.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('replay', () => {
  test('fails every time with the defect that it was found with, and holds without it', async () => {
    const broken = await busworthy(['replay', await file({ ...sound, defect: defect.name }), '--times', '3', '--json']);
    expect(broken.stderr).toContain(`${defect.clause} fails again, 3 of 3 times: the counterexample is reproduced`);
    expect(JSON.parse(broken.stdout)).toMatchObject({ clause: defect.clause, failed: 3, times: 3, exitCode: 1 });
    expect(broken.code).toBe(1);
    const well = await busworthy(['replay', await file(sound)]);
    expect(well.stdout).toContain(`${defect.clause} holds, 1 of 1 time: the counterexample is not reproduced`);
    expect(well.code).toBe(0);
  });

  test('performs what a run has found and shrunk, through the adapter that it was found with or another', async () => {
    const program = join(checkout, 'harness/calibrate/faulty-adapter.ts');
    const adapter = async (name: string, ...more: readonly string[]): Promise<string> => {
      const path = folder.file(name);
      const command = JSON.stringify([process.execPath, program, ...more]);
      await writeFile(path, `service: custody-task\napplication: forensic\ncommand: ${command}\n`);
      return path;
    };
    const faulty = await adapter('faulty.yaml', 'acknowledges-before-effect');
    const out = folder.file('out');
    const chosen = ['--flow', 'custody-task/tasks', '--scenario', 'happy-flow', '--seed', '6', '--out', out];
    const run = await busworthy(['run', '--adapter', faulty, ...chosen]);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/smallest +1 message and 0 events, of \d+ and 0; failed in/u);
    const found = /busworthy replay (\S+)/u.exec(run.stdout)?.[1] ?? '';
    const { workload: smallest, contracts, adapters } = JSON.parse(await readFile(found, 'utf8')) as typeof sound;
    expect(smallest.messages.length).toBe(1);
    expect(contracts).toEqual({ 'custody-task': expect.stringMatching(/^[0-9a-f]{64}$/u) as string });
    expect(adapters).toMatchObject([{ application: 'forensic', file: faulty }]);
    const again = await busworthy(['replay', found]);
    expect(again.stdout).toContain('1 of 1 time: the counterexample is reproduced');
    expect(again.code).toBe(1);
    const mended = await busworthy(['replay', found, '--adapter', await adapter('mended.yaml')]);
    expect(mended.stdout).toContain('DLQ-4 holds');
    expect(mended.code).toBe(0);
    const judged = await busworthy(['judge', join(out, 'latest/journal.bwj'), '--deep']);
    expect(judged.stdout).toMatch(/smallest +1 message and 0 events/u);
    expect(judged.code).toBe(1);
  });

  test('looks for nothing where it is told not to', async () => {
    const program = join(checkout, 'harness/calibrate/faulty-adapter.ts');
    const path = await file('');
    await writeFile(
      path,
      `service: custody-task\napplication: forensic\ncommand: ${JSON.stringify([process.execPath, program, 'acknowledges-before-effect'])}\n`,
    );
    const chosen = ['--flow', 'custody-task/tasks', '--scenario', 'happy-flow', '--out', folder.file('out')];
    const { code, stdout } = await busworthy(['run', '--adapter', path, '--shrink', '0', ...chosen]);
    expect(code).toBe(1);
    expect(stdout).not.toContain('smallest');
  });
});

describe('replay of what is no counterexample', () => {
  const { [trial.service.name]: digest = '' } = sound.contracts;
  const [first, ...rest] = workload.messages;
  test.each([
    ['broken JSON', '{\n "kind": "busworthy-counterexample",\n "format" 1 }', ':3:11: no JSON: it is broken here'],
    ['JSON that ends too early', '{ "kind": ', ': no JSON: it ends too early'],
    ['another document', { answer: 'holds' }, 'not a counterexample'],
    ['a list', [], 'not a counterexample'],
    ['an unknown version', { ...sound, format: 7 }, 'a counterexample of format 7, and this version reads format 1'],
    ['one without a version', { ...sound, format: undefined }, 'a counterexample of format none'],
    ['one without a workload', { ...sound, workload: undefined }, "must have required property 'workload'"],
    [
      'one with a step that there is not',
      { ...sound, workload: { ...workload, lanes: [[{ do: 'jump' }]] } },
      '/workload/lanes/0/0/do',
    ],
    [
      'one with a message that there is not',
      { ...sound, workload: { ...workload, lanes: [[{ do: 'send', message: 9 }]] } },
      'its workload names message 9, and has 2',
    ],
    ['an unknown service', { ...sound, service: 'weather' }, 'its service weather is not there'],
    [
      'an unknown flow',
      { ...sound, flow: `${trial.service.name}/weather` },
      `its flow ${trial.service.name}/weather is not there`,
    ],
    ['an unknown clause', { ...sound, clause: 'XYZ-1' }, 'its clause XYZ-1 is not in the catalogue'],
    [
      'an unknown message',
      { ...sound, workload: { ...workload, messages: [{ ...first, type: 'Rain' }, ...rest] } },
      'its message Rain is not there',
    ],
    [
      'an unknown application',
      { ...sound, workload: { ...workload, instances: { cloud: 2 } } },
      'its application cloud is not there',
    ],
    ['an unknown defect', { ...sound, defect: 'none' }, 'there is no defect "none"'],
    [
      'other contracts',
      { ...sound, contracts: { [trial.service.name]: 'ab'.repeat(32) } },
      `SHA-256 ${'ab'.repeat(32)} in the file, ${digest} in `,
    ],
  ])('says so of %s, in one error', async (_, content, said) => {
    const { code, stdout, stderr } = await busworthy(['replay', await file(content)]);
    expect(stderr).toContain(said);
    expect(stderr.match(/next:/gu)?.length).toBe(1);
    expect(stdout).toBe('');
    expect(code).toBe(3);
  });

  test('says so of a file that is not there, and of a folder', async () => {
    for (const [path, said] of [
      [folder.file('none.json'), 'there is no such file'],
      [folder.file('.'), 'it is a folder'],
    ] as const) {
      const { code, stderr } = await busworthy(['replay', path]);
      expect(stderr).toContain(`${path}: no counterexample: ${said}`);
      expect(code).toBe(3);
    }
  });

  test('performs it on other contracts by force, and says which', async () => {
    const path = await file({ ...sound, contracts: {} });
    const refused = await busworthy(['replay', path]);
    expect(refused.code).toBe(3);
    const forced = await busworthy(['replay', path, '--force']);
    expect(forced.stdout).toContain('performed all the same (--force)');
    expect(forced.code).toBe(0);
  });
});
