import type { ExchangePattern, Flow, Message, Service } from '../../harness/model/flow.ts';

const message = (name: string): Message => ({
  name,
  title: name,
  dataschema: `urn:test:${name}:1`,
  schemaDigest: '00',
  payload: true,
  headers: true,
  rules: [],
  examples: [],
});

const base: Flow = {
  id: 'service/things',
  service: 'service',
  channel: 'things',
  title: 'Things',
  pattern: 'fan-out',
  address: 'service.things.{key}',
  parameters: [{ name: 'key', location: { of: 'header', pointer: '/ce-partitionkey' } }],
  messages: [message('Thing')],
  replies: [],
  senders: ['sender'],
  receivers: [
    { application: 'one', filter: {} },
    { application: 'two', filter: {} },
  ],
  delivery: 'at-least-once',
  stream: 'THINGS',
  dedupeWindowMs: 1000,
  ackWaitMs: 2000,
  attempts: 3,
  backoffMs: [100, 200],
  badInput: 'dead-letter',
  maxBytes: 1000,
  classification: 'OFFICIAL',
  peakPerSecond: 10,
  p99Ms: 1000,
};

const { stream: _stream, dedupeWindowMs: _window, ackWaitMs: _ackWait, ...withoutStream } = base;

/** One flow for each exchange pattern, and one that promises at most once. */
export const flows = {
  'fan-out': { ...base, expiryMs: 60_000 },
  'ordered-stream': { ...base, pattern: 'ordered-stream', key: '/key', partitions: 2, gap: 'park', state: 'STATE' },
  'last-value': { ...base, pattern: 'last-value', key: '/key' },
  'work-queue': { ...base, pattern: 'work-queue', receivers: [{ application: 'one', filter: {} }] },
  'claim-check': {
    ...base,
    pattern: 'claim-check',
    receivers: [{ application: 'one', filter: {} }],
    bucket: 'BUNDLES',
    refusal: 'Refusal',
    receipts: 'receipts',
  },
  'request-reply': {
    ...withoutStream,
    pattern: 'request-reply',
    address: 'service.things',
    parameters: [],
    replies: [message('Reply'), message('Refusal')],
    receivers: [{ application: 'one', filter: {} }],
    delivery: 'at-most-once',
    attempts: 1,
    expiryMs: 5000,
    refusal: 'Refusal',
    badInput: 'refuse',
  },
  'at-most-once': { ...base, delivery: 'at-most-once', attempts: 1, backoffMs: [] },
} as const satisfies Record<ExchangePattern | 'at-most-once', Flow>;

export type FlowName = keyof typeof flows;
export const flowNames = Object.keys(flows) as readonly FlowName[];

/** A flow of which each receiver wants other keys. */
export const filtered: Flow = {
  ...base,
  receivers: [
    { application: 'one', filter: { key: ['k0'] } },
    { application: 'two', filter: { key: ['k1'] } },
  ],
};

/** Where the refusals of a flow travel that has a channel for them. */
const receipts: Flow = {
  ...base,
  id: 'service/receipts',
  channel: 'receipts',
  stream: 'RECEIPTS',
  messages: [message('Refusal')],
};

export const serviceOf = (flow: Flow): Service => ({
  name: 'service',
  title: 'Service',
  version: '1.0.0',
  document: 'service/asyncapi.yaml',
  digest: '00',
  flows: flow.receipts === undefined ? [flow] : [flow, receipts],
  applications: [],
});
