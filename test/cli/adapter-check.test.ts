import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { busworthy, checkout, start, TemporaryFolder } from './busworthy.ts';

const faulty = join(checkout, 'harness/calibrate/faulty-adapter.ts');

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** The adapter.yaml of the reference adapter at an end of a service, with a defect of the bank or in good health. */
async function adapterOf(application: string, defect?: string, service = 'custody-task'): Promise<string> {
  const file = folder.file('adapter.yaml');
  const command = [process.execPath, faulty, ...(defect === undefined ? [] : [defect])];
  await writeFile(file, `service: ${service}\napplication: ${application}\ncommand: ${JSON.stringify(command)}\n`);
  return file;
}

const check = (file: string, ...args: readonly string[]): ReturnType<typeof busworthy> =>
  busworthy(['adapter', 'check', file, '--seed', '5', '--out', folder.file('out'), ...args]);

describe('adapter check', { timeout: 120_000 }, () => {
  it('says that an event goes through each way, and that the clauses of the role hold', async () => {
    const { code, stdout } = await check(await adapterOf('forensic'), '--scenario', 'happy-flow');
    expect(stdout).toMatch(/^forensic of custody-task, consumer and provider: \d+ clauses$/mu);
    expect(stdout).toMatch(/^healthy +after [\d.]+ ms$/mu);
    expect(stdout).toMatch(/^connection +it has logged in to the bus, with the client nats\.js 3\./mu);
    expect(stdout).toMatch(/^to the bus +TaskCompleted: 202 after /mu);
    expect(stdout).toMatch(/^from the bus +\w+: handed over, answered 200 after /mu);
    expect(stdout).toMatch(
      /^core, narrowed to the clauses of forensic and scenarios happy-flow,\sholds; \d+ clauses outside it not tested$/mu,
    );
    expect(stdout).not.toContain('To mend');
    expect(code).toBe(0);
  });

  it('ends with what is to be mended: the clause, the rules of the port, what was seen, and the command', async () => {
    const file = await adapterOf('forensic', 'takes-500-for-rejection');
    const { code, stdout } = await check(file, '--scenario', 'retried', '--shrink', '5');
    expect(code).toBe(1);
    expect(stdout).toContain('To mend, in this order (rules: ADAPTERS.md)');
    expect(stdout).toMatch(/^\d+\. DEL-3 on custody-task\/tasks/mu);
    expect(stdout).toMatch(/rules +N2 {2}Subject from the address/u);
    expect(stdout).toMatch(/^ +wire +BiometricRequest \S+ of custody, body [\d,]+ bytes$/mu);
    expect(stdout).toMatch(/forensic +bus -> adapter +CUSTODY_TASKS \d+, delivery 1, [\d,]+ bytes$/mu);
    expect(stdout).toMatch(/forensic +adapter -> bus +\+TERM rejected of delivery 1$/mu);
    expect(stdout).toMatch(
      /again +busworthy run custody-task --flow custody-task\/tasks --scenario retried --seed 5 .*--adapter /u,
    );
  });

  it.each([
    ['custody-task', 'custody', 'custody-task/tasks'],
    ['incident-lifecycle', 'command-and-control', 'incident-lifecycle/incidents'],
    ['records-check', 'mobile', 'records-check/person-checks'],
  ])(
    'cuts a sender of %s off from the bus as well, and hears whether it says so',
    async (service, application, flow) => {
      const chosen = ['--flow', flow, '--scenario', 'cut-off', '--shrink', '0'];
      const healthy = await check(await adapterOf(application, undefined, service), ...chosen);
      expect(healthy.code).toBe(0);
      const { code, stdout } = await check(await adapterOf(application, 'always-well', service), ...chosen);
      expect(stdout).toContain(`1. LIF-3 on ${flow}`);
      expect(stdout).toContain(`expected  ${application} to answer GET /health with 503 while it is cut off`);
      expect(code).toBe(1);
    },
  );

  it('judges a flow that was selected by what its other flows tell of it as well', async () => {
    const file = await adapterOf('prosecution-gateway', 'broken-bundle-refused-in-silence', 'case-file-transfer');
    const chosen = ['--flow', 'case-file-transfer/bundles', '--scenario', 'broken-bundles', '--shrink', '0'];
    const { code, stdout } = await check(file, ...chosen);
    expect(stdout).toMatch(/case-file-transfer\/bundles\/broken-bundles {2}FAIL DLQ-1/u);
    expect(stdout).toMatch(/^\d+\. DLQ-1 on case-file-transfer\/bundles/mu);
    expect(stdout).not.toContain('on case-file-transfer/outcomes');
    expect(code).toBe(1);
  });

  it('says of a program that ends at once how it ended, with code 4', async () => {
    const { code, stderr } = await check(await adapterOf('forensic', 'no-such-defect'));
    expect(code).toBe(4);
    expect(stderr).toContain('the adapter of forensic');
    expect(stderr).toContain('before it was healthy');
  });

  it('starts an adapter for many trials, where a run starts it for each', async () => {
    const [file, starts] = [folder.file('adapter.yaml'), folder.file('starts')];
    const command = ['sh', '-c', `echo >> '${starts}'; exec '${process.execPath}' '${faulty}'`];
    await writeFile(file, `service: custody-task\napplication: forensic\ncommand: ${JSON.stringify(command)}\n`);
    const chosen = ['--scenario', 'happy-flow,unknown-fields,trace-context,rejected', '--width', '1', '--seed', '5'];
    const out = ['--out', folder.file('out')];
    const performed = async (args: readonly string[]): Promise<readonly [trials: number, starts: number]> => {
      await rm(starts, { force: true });
      const { code, stdout } = await busworthy([...args, ...chosen, ...out]);
      expect(code).toBe(0);
      return [Number(/(\d+) trials in /u.exec(stdout)?.[1]), (await readFile(starts, 'utf8')).length];
    };
    const [inRun, startedByRun] = await performed(['run', '--adapter', file]);
    expect(startedByRun).toBe(inRun);
    const [checked, startedByCheck] = await performed(['adapter', 'check', file]);
    expect(checked).toBeGreaterThan(4);
    expect(startedByCheck).toBe(1);
  });

  it('with --watch checks again when a file beside adapter.yaml changes, until Ctrl-C', async () => {
    const file = await adapterOf('forensic', 'no-such-defect');
    const args = ['--watch', '--scenario', 'happy-flow', '--seed', '5', '--shrink', '0', '--out', folder.file('out')];
    await using started = start(['adapter', 'check', file, ...args]);
    await started.until(/before it was healthy[^]*waiting for a change of its files \(Ctrl-C ends\)/u);
    await adapterOf('forensic');
    await started.until(/^to the bus +TaskCompleted: 202/mu);
    started.send('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
  });

  it('says of an adapter.yaml that is wrong where, with code 3', async () => {
    const file = folder.file('adapter.yaml');
    await writeFile(file, 'service: custody-task\napplication: forensik\ncommand: [sh]\n');
    const { code, stderr } = await check(file);
    expect(code).toBe(3);
    expect(stderr).toMatch(/adapter\.yaml:2.*did you mean forensic/su);
  });
});
