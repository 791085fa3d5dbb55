import { describe, expect, it, vi } from 'vitest';
import { Folder, fullCheckMs, said } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

interface Case {
  readonly title: string;
  readonly service: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
  readonly what: RegExp;
}

const cases: readonly Case[] = [
  {
    title: 'flows of other guarantees share a stream',
    service: 'unit-state',
    edits: [['stream: UNIT_POSITIONS', 'stream: UNIT_STATUS']],
    what: /channels status and positions share the stream UNIT_STATUS/,
  },
  {
    title: 'channels share subjects',
    service: 'unit-state',
    edits: [['address: unit-state.positions.{type}.{callsign}', 'address: unit-state.status.{type}.{callsign}']],
    what: /channels status and positions share subjects/,
  },
  {
    title: 'last values of several messages would share a subject',
    service: 'unit-state',
    edits: [['location: $message.header#/ce-type', 'location: $message.header#/ce-classification']],
    what: /keeps last values of several messages and its address does not carry their type/,
  },
  {
    title: 'a refusal names no message of the replies',
    service: 'records-check',
    edits: [['refusal: CheckError', 'refusal: CheckRefused']],
    what: /names no message of the replies: CheckRefused/,
  },
  {
    title: 'receipts name no channel',
    service: 'case-file-transfer',
    edits: [['receipts: outcomes', 'receipts: nowhere']],
    what: /receipts of bundles names no other channel with an x-flow: nowhere/,
  },
  {
    title: 'a refusal names no message of the receipts',
    service: 'case-file-transfer',
    edits: [['refusal: BundleRejected', 'refusal: BundleOffered']],
    what: /names no message of channel outcomes: BundleOffered/,
  },
  {
    title: 'a receiver cannot send the refusal',
    service: 'case-file-transfer',
    edits: [
      [
        'what became of the bundle.\n    x-applications: [prosecution-gateway, disclosure-store]',
        'what became of the bundle.\n    x-applications: [prosecution-gateway]',
      ],
    ],
    what: /disclosure-store does not send on channel outcomes, where refusals of bundles travel/,
  },
  {
    title: 'a request need not be sampled',
    service: 'records-check',
    edits: [],
    what: /does not demand a sampled traceparent/,
  },
  {
    title: 'a filter has a value that its field never has',
    service: 'anpr-hit',
    edits: [["priority: ['1', '2'] }", "priority: ['1', '9'] }"]],
    what: /can meet the filter of in-vehicle: priority is never 9/,
  },
  {
    title: 'a filter names a message that does not travel there',
    service: 'custody-task',
    edits: [['type: [BiometricRequest', 'type: [BiometricRequested']],
    what: /type is never BiometricRequested/,
  },
];

describe('a service is refused where', () => {
  it.each(cases)('$title', async ({ service, edits, what }) => {
    await using folder = await Folder.of(service);
    for (const [from, to] of edits) await folder.edit(`${service}/asyncapi.yaml`, from, to);
    if (edits.length === 0) await folder.editAll(service, '-01$', '-0[01]$');
    expect(said(folder, await folder.check()).join('\n')).toMatch(what);
  });
});

describe('services of one folder', () => {
  it('do not share a stream', async () => {
    await using folder = await Folder.of('incident-lifecycle', 'unit-state');
    await folder.edit('unit-state/asyncapi.yaml', 'stream: UNIT_STATUS', 'stream: INCIDENTS');
    expect(said(folder, await folder.check()).join('\n')).toMatch(
      /services incident-lifecycle and unit-state share the stream INCIDENTS/,
    );
  });

  it('of a claim check say the size and digest of each content', async () => {
    await using folder = await Folder.of('case-file-transfer');
    await folder.edit('case-file-transfer/schemas/BundleOffered.json', '"sha256"', '"sha512"');
    expect(said(folder, await folder.check()).join('\n')).toMatch(
      /BundleOffered travels on the claim-check flow bundles and need not have \/manifest\/\*\/sha256 of type string/,
    );
  });

  it('are each told their mistakes, and the sound ones are still counted', async () => {
    await using folder = await Folder.of('incident-lifecycle', 'unit-state');
    await folder.edit('unit-state/asyncapi.yaml', 'asyncapi: 3', 'asyncapi: 2');
    const summary = await folder.check();
    expect(summary.services.map(({ name }) => name)).toEqual(['incident-lifecycle']);
    expect(said(folder, summary)).toHaveLength(1);
  });
});
