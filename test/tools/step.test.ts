import { describe, expect, test } from 'vitest';
import { closingLine, runStep } from './step.ts';
import type { Step } from './step.ts';

function node(script: string, options: Partial<Step> = {}): Step {
  return { name: 'x', command: ['node', '-e', script], counts: 'its tests', timeoutMs: 20_000, ...options };
}

const quietly = () => undefined;

describe('a step', () => {
  test('that is one test passes by exit code 0', async () => {
    expect(await runStep(node('', { counts: 'itself' }), quietly)).toMatchObject({ passed: 1, failed: 0 });
  });

  test('that is one test fails by any other exit code', async () => {
    expect(await runStep(node('process.exit(2)', { counts: 'itself' }), quietly)).toMatchObject({
      passed: 0,
      failed: 1,
      trouble: 'exit code 2',
    });
  });

  test('with tests is counted by its last closing line', async () => {
    const printed = `console.log('9 passed, 9 failed\\nskipped: a: no engine\\n3 passed, 0 failed, 1 skipped')`;
    expect(await runStep(node(printed), quietly)).toMatchObject({ passed: 3, failed: 0, skipped: ['a: no engine'] });
  });

  test.each([
    ['that exits badly after a good closing line', `console.log('3 passed, 0 failed'); process.exitCode = 1`, 3],
    ['that prints no closing line', `console.log('all is well')`, 0],
    ['that ran no test', `console.log('0 passed, 0 failed')`, 0],
    ['that kills itself', `console.log('3 passed, 0 failed'); process.kill(process.pid, 'SIGKILL')`, 3],
    ['with a failed test', `console.log('3 passed, 1 failed')`, 3],
  ])('with tests %s has failed', async (_what, script, passed) => {
    expect(await runStep(node(script), quietly)).toMatchObject({ passed, failed: 1 });
  });

  test('is read without its colours', async () => {
    const lines: string[] = [];
    await runStep(node(`console.log('\\x1b[32m3 passed, 0 failed\\x1b[0m')`), (line) => lines.push(line));
    expect(lines).toEqual(['3 passed, 0 failed']);
  });

  test('that outlives its time limit is ended and has failed', async () => {
    const step = node('setInterval(() => {}, 1000)', { counts: 'itself', timeoutMs: 200 });
    expect(await runStep(step, quietly)).toMatchObject({ failed: 1, trouble: 'ended by SIGTERM' });
  });

  test('that cannot be started has failed', async () => {
    const step = node('', { counts: 'itself', command: ['no-such-program'] });
    expect((await runStep(step, quietly)).trouble).toContain('ENOENT');
  });

  test('that failed is remembered by its last lines, of both streams, and one that passed by none', async () => {
    const printed = (code: number) =>
      node(`for (let at = 1; at <= 40; at++) console.log(at); process.exitCode = ${code}`, { counts: 'itself' });
    const { last } = await runStep(printed(1), quietly);
    expect(last).toEqual(Array.from({ length: 25 }, (_, at) => String(at + 16)));
    expect((await runStep(printed(0), quietly)).last).toBeUndefined();
    const blamed = node(`console.error('why'); process.exitCode = 1`, { counts: 'itself' });
    expect((await runStep(blamed, quietly)).last).toEqual(['why']);
  });

  test('shows what it prints, of both streams', async () => {
    const lines: string[] = [];
    await runStep(node(`console.log('out'); console.error('err')`, { counts: 'itself' }), (line) => lines.push(line));
    expect(lines.toSorted()).toEqual(['err', 'out']);
  });
});

test('the closing line is the sum of the steps', () => {
  const step = { name: 'x', skipped: [], durationMs: 1 };
  expect(
    closingLine([
      { ...step, passed: 3, failed: 1 },
      { ...step, passed: 4, failed: 0 },
    ]),
  ).toBe('7 passed, 1 failed');
});
