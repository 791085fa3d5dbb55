import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from '../tools/planted-tree.ts';
import { callsIn, mistakeOf } from './command-line.ts';
import { blocksOf, codeSpansOf } from './markdown.ts';
import { read } from './project.ts';

const documents = [...readdirSync(REPOSITORY).filter((name) => name.endsWith('.md')), 'contracts/README.md'];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** Lines of shell in a document: its blocks of them, and what stands in backticks. */
function shellOf(file: string): readonly string[] {
  const text = read(file);
  const blocks = blocksOf(file, text).filter(({ language }) => ['sh', 'console'].includes(language));
  return [...blocks.flatMap((block) => block.text.split('\n')), ...codeSpansOf(text)];
}

describe.each(documents)('the command lines of %s', (file) => {
  test('are taken by the program', () => {
    const wrong = shellOf(file).flatMap((line) =>
      callsIn(line).flatMap((words) => {
        const mistake = mistakeOf(words);
        return mistake === undefined ? [] : [`${line}: ${mistake}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('call scripts that package.json has', () => {
    const called = shellOf(file).flatMap((line) =>
      [...line.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
    );
    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

test('the readme calls every command', () => {
  const called = new Set(
    shellOf('README.md')
      .flatMap((line) => callsIn(line))
      .map((words) => words[0]),
  );
  for (const name of ['run', 'adapter', 'judge', 'calibrate', 'contracts', 'bus', 'explain'])
    expect([...called]).toContain(name);
});

test('the scripts of package.json call the program as it takes it', () => {
  const calls = Object.values(scripts).filter((script) => script.includes('harness/cli/main.ts'));
  expect(calls.length).toBeGreaterThan(1);
  for (const call of calls) {
    const [, words = ''] = call.split('harness/cli/main.ts');
    expect([call, mistakeOf(words.split(' ').filter((word) => word !== ''))]).toEqual([call, undefined]);
  }
});

test.each([
  ['busworthy dance', 'there is no command dance'],
  ['busworthy run --sed 7', 'run has no option --sed'],
  ['busworthy run --seed', '--seed needs a value'],
  ['busworthy run --scenario gap,nothing', '--scenario nothing is not known'],
  ['busworthy run nobody', 'nobody is not known'],
  ['busworthy bus down', 'there is no command bus down'],
  ['busworthy bus up', 'bus up needs an argument'],
  ['npm run busworthy -- explain ORD-1 ORD-2', 'explain takes no ORD-2'],
  ['$ npm run --silent busworthy -- run --time-scale 2', '--time-scale 2 is no factor'],
])('a mistake is found in "%s"', (line, mistake) => {
  expect(callsIn(line).map(mistakeOf)).toEqual([mistake]);
});
