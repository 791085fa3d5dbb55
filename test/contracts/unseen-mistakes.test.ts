import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Folder, fullCheckMs, said } from './folders.ts';

const fixtures = join(import.meta.dirname, '../fixtures/contracts');

async function withFixture(name: string): Promise<Folder> {
  const folder = await Folder.of();
  await cp(join(fixtures, name), join(folder.path, name), { recursive: true });
  return folder;
}

describe('a service written without sight of the code', () => {
  it('is told of a document of another name', async () => {
    await using folder = await withFixture('air-support');
    await rename(join(folder.path, 'air-support/asyncapi.yaml'), join(folder.path, 'air-support/asyncapi.yml'));
    expect(said(folder, await folder.check())).toEqual([
      "air-support/asyncapi.yml the service's document is called asyncapi.yml",
    ]);
  });

  it('is told that who answers requests reaches no stream', { timeout: fullCheckMs }, async () => {
    await using folder = await Folder.of('records-check', 'anpr-hit');
    // the records gateway, which answers, is given the place of a receiver of another flow
    await folder.edit(
      'records-check/asyncapi.yaml',
      '  person-checks:\n    address: records-check.person-checks',
      [
        '  log:',
        '    address: records-check.log',
        '    messages:',
        "      PersonCheckRequest: { $ref: '#/components/messages/PersonCheckRequest' }",
        '    x-flow:',
        '      pattern: fan-out',
        '      stream: CHECK_LOG',
        '      delivery: at-most-once',
        '      attempts: 1',
        '      backoffMs: []',
        '      ackWaitMs: 5000',
        '      dedupeWindowMs: 60000',
        '      badInput: drop',
        '      retention: { maxAgeMs: 3600000, maxBytes: 1048576 }',
        '      maxBytes: 65536',
        '      classification: OFFICIAL-SENSITIVE',
        '      peakPerSecond: 1',
        '      p99Ms: 1000',
        '  person-checks:',
        '    address: records-check.person-checks',
      ].join('\n'),
    );
    await folder.edit(
      'records-check/asyncapi.yaml',
      'operations:\n',
      [
        'operations:',
        "  tell: { action: send, channel: { $ref: '#/channels/log' }, x-applications: [records-gateway] }",
        "  hear: { action: receive, channel: { $ref: '#/channels/log' }, x-applications: [auditors] }",
        '',
      ].join('\n'),
    );
    const line = await folder.lineOf('records-check/asyncapi.yaml', '  log:');
    expect(said(folder, await folder.check())).toEqual([
      `records-check/asyncapi.yaml:${String(line)} records-gateway answers requests, and also sends or receives on channel log, which has a stream`,
    ]);
  });

  it('is told of a header that does not cross the bus', async () => {
    await using folder = await withFixture('air-support');
    const document = 'air-support/asyncapi.yaml';
    await folder.edit(document, '          - ce-specversion\n', '          - ce-specversion\n          - x-force\n');
    expect(said(folder, await folder.check())).toEqual([
      expect.stringMatching(/ the header schema of Sortie requires x-force, which does not cross the bus$/),
    ]);
  });

  it('is told of a refusal that no adapter can make', { timeout: fullCheckMs }, async () => {
    await using folder = await withFixture('body-cam');
    const document = 'body-cam/asyncapi.yaml';
    await folder.edit(document, '          - reasonCodes\n', '          - ticket\n');
    await folder.edit(document, '          reasonCodes:\n', '          ticket: { type: integer }\n          code:\n');
    expect(said(folder, await folder.check()).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'ClipsRefused, the refusal of clips, requires ticket, which an adapter cannot know',
      'ClipsRefused, the refusal of clips, does not allow content, invalid, rejected as its reason',
    ]);
  });

  it('may write merge keys', { timeout: fullCheckMs }, async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(
      'incident-lifecycle/asyncapi.yaml',
      '    x-flow:\n      pattern: ordered-stream\n      stream: INCIDENTS\n',
      '    x-flow:\n      <<: { pattern: ordered-stream, stream: INCIDENTS, attempts: 2 }\n',
    );
    expect(said(folder, await folder.check())).toEqual([]);
  });
});
