import { MatchersV3 } from '@pact-foundation/pact';
import { shaped, text, time, type Body, type ConsumerTest, type EventExpected } from './consumer.ts';

const { eachLike, integer } = MatchersV3;
const service = 'case-file-transfer';
const provider = 'case-preparation';

const ptiurn = shaped('^\\d{2}[A-Z0-9]{2}\\d{7}$', '01ZD0044826');
const manifest = eachLike(
  {
    name: text('statement.pdf'),
    bytes: integer(1024),
    sha256: shaped('^[0-9a-f]{64}$', 'a'.repeat(64)),
    mediaType: text('application/pdf'),
  },
  1,
);

const offered = (use: EventExpected['use'], gives: unknown): EventExpected => ({
  description: 'a bundle that is offered',
  subject: '^case-file-transfer\\.bundles\\.[A-Z0-9]+$',
  type: 'BundleOffered',
  body: { ptiurn, revision: integer(1), manifest, fileCount: integer(1), totalBytes: integer(1024), expiresAt: time() },
  use,
  gives,
});

const batch = (type: string, body: object): EventExpected => ({
  description: type === 'BatchOpened' ? 'a batch that begins' : 'a batch that is complete',
  subject: '^case-file-transfer\\.batches$',
  type,
  body: { batchId: shaped('^B\\d{8}-\\d{3}$', 'B20260305-001'), ...body },
  use: ({ batchId }) => batchId,
  gives: 'B20260305-001',
});

const outcomes: readonly EventExpected[] = [
  {
    description: 'a bundle that was taken',
    subject: '^case-file-transfer\\.outcomes$',
    type: 'BundleAccepted',
    body: { ptiurn, fileCount: integer(1), acceptedAt: time(), receiptRef: text('CPS0000000001') },
    use: ({ receiptRef }) => receiptRef,
    gives: 'CPS0000000001',
  },
  {
    description: 'a bundle that was refused',
    type: 'BundleRejected',
    body: { ptiurn, reasonCodes: eachLike(text('content'), 1) },
    use: ({ reasonCodes }) => (reasonCodes as readonly string[])[0],
    gives: 'content',
  },
];

export const caseFileTransfer: readonly ConsumerTest[] = [
  {
    service,
    provider,
    consumer: 'prosecution-gateway',
    events: [
      offered(({ ptiurn: urn, fileCount }) => `${String(urn)} ${String(fileCount)}`, '01ZD0044826 1'),
      batch('BatchClosed', { count: integer(0), controlTotal: integer(0), closedAt: time() }),
    ],
  },
  {
    service,
    provider,
    consumer: 'disclosure-store',
    events: [
      offered(({ manifest: items }) => (items as readonly Body[])[0]?.['name'], 'statement.pdf'),
      batch('BatchOpened', { openedAt: time() }),
    ],
  },
  ...['prosecution-gateway', 'disclosure-store'].map((consumer) => ({
    service,
    provider: consumer,
    consumer: provider,
    events: outcomes,
  })),
];
