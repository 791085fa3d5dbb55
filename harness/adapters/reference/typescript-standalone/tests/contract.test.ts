import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Contract } from '../adapter/contract.ts';
import { Documents } from '../adapter/documents.ts';
import { Misconfigured } from '../adapter/settings.ts';
import { event, flow, folder } from './samples.ts';

void test('applications and messages of each flow', () => {
  const [loans, receipts, questions] = [flow('loans'), flow('receipts'), flow('questions')];
  assert.deepEqual([loans.senders, loans.receivers], [['desk', 'kiosk'], ['store']]);
  assert.deepEqual(receipts.senders, ['store']);
  assert.deepEqual([...questions.replies.keys()], ['NoAnswer']);
  assert.equal(loans.message('BookLent')?.dataschema, 'urn:library:BookLent:1');
  assert.deepEqual(loans.message('BookLent')?.fields, ['loan', 'shelf', 'due', 'pages', 'lost', 'marks']);
  assert.equal(loans.message('NoAnswer'), undefined);
});

void test('one consumer, or one a partition', () => {
  assert.deepEqual(flow('loans').consumers('store'), ['store-0', 'store-1', 'store-2']);
  assert.deepEqual(flow('receipts').consumers('desk'), ['desk']);
});

void test('the last delay repeats, and a flow may have none', () => {
  assert.deepEqual(
    [1, 2, 3].map((attempt) => flow('loans').backoffMs(attempt)),
    [100, 600, 600],
  );
  assert.equal(flow('receipts').backoffMs(1), undefined);
});

void test('a subject is filled from header and payload', () => {
  assert.equal(flow('loans').subject(event()), 'library.loans.BookLent.A/1');
  assert.equal(flow('loans').subject(event('{"shelf":7.0}')), 'library.loans.BookLent.7');
  assert.equal(flow('loans').wildcard, 'library.loans.*.*');
});

for (const shelf of ['"A.1"', '"*"', '""', '"a b"', '"A\\n"', '"é"', 'null', '[]', '"$&"']) {
  void test(`${shelf} cannot be part of a subject`, () => {
    assert.equal(flow('loans').subject(event(`{"shelf":${shelf}}`)), undefined);
  });
}

void test('YAML is that of version 1.2', () => {
  const question = new Documents().node(join(folder, 'messages.yaml')).child('Question').child('payload');
  const [[, answer] = []] = question.properties();
  assert.deepEqual(answer, { enum: ['NO', '12:30', '2026-01-31', 777] });
});

for (const text of ['', '[', 'channels: {}', '"\\x00"']) {
  void test(`a document of ${JSON.stringify(text)} is one clear error`, async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'adapter-'));
    try {
      const file = join(temporary, 'asyncapi.yaml');
      await writeFile(file, text);
      assert.throws(() => Contract.read(file), { constructor: Misconfigured, message: /asyncapi\.yaml/ });
    } finally {
      await rm(temporary, { recursive: true });
    }
  });
}

void test('a reference to the network is not followed', () => {
  assert.throws(() => new Documents().load('https://example.org/x.json'), /only files/);
});
