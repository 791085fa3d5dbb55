import { expect, test } from 'vitest';
import { partitionOf } from '../../harness/generate/partition.ts';

test('a key lies where FNV-1a puts it', () => {
  // Published vectors of 32-bit FNV-1a: '' 811c9dc5, 'a' e40c292c, 'foobar' bf9cf968.
  const whole = 2 ** 32;
  expect([partitionOf('', whole), partitionOf('a', whole), partitionOf('foobar', whole)]).toEqual([
    0x811c9dc5, 0xe40c292c, 0xbf9cf968,
  ]);
});

test('keys are spread over all partitions', () => {
  const found = new Set(Array.from({ length: 100 }, (_, at) => partitionOf(`${String(at)}/01ABC25`, 4)));
  expect([...found].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
});
