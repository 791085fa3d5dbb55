import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import type { AuditEntry } from '../../../harness/model/audit.ts';
import type { BusSteps } from '../../../harness/bus/steps.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { workQueueFlow } from '../../fixtures/flows.ts';
import { plannedOf } from '../../fixtures/planned.ts';
import { useReferenceSpace, type ReferenceSpace } from './reference-space.ts';

const open = useReferenceSpace();
const event = sampleEvent({ type: 'Task', id: 'one', payload: { text: 'about X7K2QW9ZTB', code: 'AB12CDE' } });

/** A bus with some broken steps on which one message was rejected, observed to the end. */
async function broken(steps: Partial<BusSteps>): Promise<ReferenceSpace> {
  const space = await open(workQueueFlow, { steps, planned: plannedOf(workQueueFlow.id, event) });
  await space.publish('sample.tasks', event);
  await space.work('sink', 1, () => '+TERM rejected');
  await space.end();
  return space;
}

const withMember = (entry: AuditEntry, name: string, value: unknown): AuditEntry => ({ ...entry, [name]: value });

test('content in an audit record is seen in the record and in the search', async () => {
  await using space = await broken({
    entry: async (entry, message) =>
      withMember(entry, 'payload', Buffer.from((await message())?.body ?? '').toString('base64')),
  });
  expect(space.rows('audit').map(({ canary }) => canary)).toEqual(['yes', 'yes', 'yes']);
  expect(space.rows('scan').find(({ kind }) => kind === 'audit')).toMatchObject({ hits: 1, control: 'yes' });
});

test('an unkeyed digest of one field is seen', async () => {
  await using space = await broken({
    entry: (entry) => withMember(entry, 'digest', createHash('sha256').update('AB12CDE').digest('base64')),
  });
  expect(space.rows('audit').map(({ digest, canary }) => [digest, canary])).toEqual(
    Array.from({ length: 3 }, () => ['yes', 'no']),
  );
});

test('a change that is not recorded leaves no gap in the chain, and is missing', async () => {
  await using space = await broken({ entry: (entry) => (entry.change === 'settled' ? undefined : entry) });
  expect(space.rows('audit').map(({ change, chain }) => [change, chain])).toEqual([
    ['accepted', 'yes'],
    ['dead-lettered', 'yes'],
  ]);
});

test('a change that is recorded twice is there twice', async () => {
  await using space = await broken({ copies: ({ change }) => (change === 'settled' ? 2 : 1) });
  expect(space.rows('audit').map(({ change }) => change)).toEqual(['accepted', 'settled', 'settled', 'dead-lettered']);
});

test.each<readonly [string, Partial<BusSteps>, readonly string[], readonly string[]]>([
  [
    'a record that was edited',
    { keep: (text, n) => (n === 2 ? text.replace('rejected', 'expired') : text) },
    ['yes', 'yes', 'no'],
    ['yes yes yes'],
  ],
  [
    'a link to nothing',
    { link: (previous, n) => (n === 2 ? 'f'.repeat(64) : previous) },
    ['yes', 'no', 'yes'],
    ['yes yes yes'],
  ],
  ['a tail that was cut', { keep: (text, n) => (n === 3 ? undefined : text) }, ['yes', 'yes'], ['yes no no']],
  [
    'a last record that was edited',
    { keep: (text, n) => (n === 3 ? text.replace('rejected', 'expired') : text) },
    ['yes', 'yes', 'yes'],
    ['yes no yes'],
  ],
  [
    'an anchor of another head',
    { anchor: (anchor) => ({ ...anchor, head: '0'.repeat(64) }) },
    ['yes', 'yes', 'yes'],
    ['yes no yes'],
  ],
])('%s shows in the chain or in its anchor', async (_what, steps, chain, anchors) => {
  await using space = await broken(steps);
  expect(space.rows('audit').map((row) => row.chain)).toEqual(chain);
  expect(space.rows('anchor').map(({ signature, head, final }) => `${signature} ${head} ${final}`)).toEqual(anchors);
});

test.each<readonly [string, Partial<BusSteps>, readonly unknown[]]>([
  ['lost', { deadLetter: () => [] }, []],
  [
    'doubled',
    { deadLetter: (letter) => [letter, letter] },
    [
      ['rejected', 1, 'yes'],
      ['rejected', 1, 'yes'],
    ],
  ],
  ['without its reason', { deadLetter: (letter) => [{ ...letter, reason: '' }] }, [['', 1, 'yes']]],
  ['with other attempts', { deadLetter: (letter) => [{ ...letter, attempts: 7 }] }, [['rejected', 7, 'yes']]],
  [
    'with another body',
    { deadLetter: (letter) => [{ ...letter, message: { ...letter.message, body: new Uint8Array(3) } }] },
    [['rejected', 1, 'no']],
  ],
])('a dead letter that is %s is seen so', async (_what, steps, expected) => {
  await using space = await broken(steps);
  expect(space.rows('deadLetter').map(({ reason, attempts, bodyIntact }) => [reason, attempts, bodyIntact])).toEqual(
    expected,
  );
});
