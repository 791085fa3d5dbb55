import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tableNames } from '../../harness/model/history.ts';
import { REPOSITORY } from '../tools/planted-tree.ts';
import { blockNames, blocksIn, generated } from './generated.ts';
import { anchorsOf, blocksOf, codeSpansOf, linksOf, proseOf } from './markdown.ts';
import { bank, catalogue, checkers, decided, families, familyOf, flows, read, scenarios, services } from './project.ts';

const documents = [
  ...readdirSync(REPOSITORY).filter((name) => name.endsWith('.md')),
  'contracts/README.md',
  'harness/generate/schema/README.md',
  'harness/generate/compiled/README.md',
];

test('the documents are there', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CLAUSES.md']));
});

describe('what is generated', () => {
  test.each(Object.entries(generated()))('%s is what `npm run docs` writes', (file, text) => {
    expect(read(file)).toBe(text);
  });

  test('has a place in a document for each of its blocks, and one only', () => {
    expect(documents.flatMap((file) => blocksIn(read(file))).toSorted()).toEqual(blockNames.toSorted());
  });

  test('has a family for every clause', () => {
    expect([...new Set(catalogue.clauses.map(familyOf))]).toEqual(Object.keys(families));
  });
});

describe.each(documents)('%s', (file) => {
  const text = read(file);

  test('links to what is there', () => {
    const broken = linksOf(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(REPOSITORY, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names only paths that are there', () => {
    const lines = proseOf(text)
      .split('\n')
      .filter((line) => !line.includes('(not there yet)'));
    const paths = codeSpansOf(lines.join('\n')).filter((code) =>
      /^(?:harness|test|contracts|scenarios|reports(?!\/out))\/[\w./-]*$/.test(code),
    );
    expect(paths.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  });

  test('shows code that is in the file that it names', () => {
    const strays = blocksOf(file, text)
      .filter(({ info }) => info !== '')
      .filter((block) => !read(block.info).includes(`${block.text}\n`))
      .map((block) => `${file}:${String(block.line)}: this is not in ${block.info}`);
    expect(strays).toEqual([]);
  });

  test('counts as the code does', () => {
    expect(miscounted(text)).toEqual([]);
  });

  test('says nothing of where and how it was written', () => {
    expect(text).not.toMatch(/\bTODO\b|\bFIXME\b|localhost:\d|127\.0\.0\.1/);
  });
});

test('the contributing guide shows code of many files', () => {
  expect(blocksOf('CONTRIBUTING.md', read('CONTRIBUTING.md')).filter(({ info }) => info !== '').length).toBeGreaterThan(
    10,
  );
});

test('the architecture names every table of the history', () => {
  const text = read('ARCHITECTURE.md');
  expect(tableNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('the architecture names every folder', () => {
  const text = read('ARCHITECTURE.md');
  const folders = ['harness', 'test'].flatMap((parent) =>
    readdirSync(join(REPOSITORY, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ parent, name })),
  );
  const mirrored = folders.filter(
    ({ name }) => existsSync(join(REPOSITORY, 'harness', name)) || ['reports', 'scenarios', 'fixtures'].includes(name),
  );
  const told = folders.filter((folder) => folder.parent === 'harness' || !mirrored.includes(folder));
  expect(
    told.filter(({ parent, name }) => !text.includes(parent === 'harness' ? `\`harness/${name}/\`` : `\`${name}/\``)),
  ).toEqual([]);
});

test.each([
  ['there are seven services', '7 services'],
  ['99 defects', '99 defects'],
  ['all 4 exchange patterns', '4 exchange patterns'],
])('a wrong count is found in "%s"', (text, found) => {
  expect(miscounted(text).map((count) => count.replace('seven', '7'))).toEqual([found]);
});

/** Counts in the prose that none of what is counted so has. */
function miscounted(text: string): readonly string[] {
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const { clauses, profiles, requirements } = catalogue;
  const counts: Readonly<Record<string, readonly number[]>> = {
    services: [services.length],
    flows: [flows.length],
    'exchange patterns': [new Set(flows.map(({ pattern }) => pattern)).size],
    clauses: [clauses.length, decided.length, clauses.length - decided.length],
    profiles: [profiles.length],
    requirements: [requirements.length],
    scenarios: [scenarios.length],
    defects: [bank.length],
    checkers: [checkers.length],
  };
  const counted = new RegExp(
    `\\b(\\d+|${words.slice(2).join('|')}) (?:reference |invented )?(${Object.keys(counts).join('|')})\\b`,
    'gi',
  );
  return [...proseOf(text).matchAll(counted)]
    .filter(([, number = '', what = '']) => {
      const value = words.includes(number.toLowerCase()) ? words.indexOf(number.toLowerCase()) : Number(number);
      return counts[what.toLowerCase()]?.includes(value) !== true;
    })
    .map(([whole]) => whole);
}
