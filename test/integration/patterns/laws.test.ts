import type { CloudEvent } from '../../../harness/model/event.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import {
  bundlesFlow,
  fanOutFlow,
  lastValueFlow,
  orderedFlow,
  receiptsFlow,
  sampleService,
  workQueueFlow,
} from '../../fixtures/flows.ts';
import { adapterLaws, type FlowUnderLaw } from './adapter-laws.ts';

type Making = FlowUnderLaw['event'];

const started = Date.parse('2026-03-01T12:00:00Z');
const plain =
  (type: string, more: object = {}, headersOf: (n: number) => Record<string, string> = () => ({})): Making =>
  (n, text = `event ${n}`, headers = {}): CloudEvent =>
    sampleEvent({
      type,
      id: `e${n}`,
      payload: { text, ...more },
      headers: { 'ce-time': new Date(started + n * 1000).toISOString(), ...headersOf(n), ...headers },
    });

adapterLaws('fan-out', {
  flow: fanOutFlow,
  service: sampleService(fanOutFlow),
  event: plain('Hit', { priority: 3 }),
  subject: 'sample.hits.3',
});

adapterLaws('work-queue', {
  flow: workQueueFlow,
  service: sampleService(workQueueFlow),
  event: plain('Task'),
  subject: 'sample.tasks',
});

adapterLaws('ordered-stream', {
  flow: orderedFlow,
  service: sampleService(orderedFlow),
  event: plain('Ordered', {}, (n) => ({ 'ce-partitionkey': '12/26ABC', 'ce-sequence': `${n}` })),
  subject: 'sample.ordered.12/26ABC',
});

adapterLaws('last-value', {
  flow: lastValueFlow,
  service: sampleService(lastValueFlow),
  event: plain('Value', {}, () => ({ 'ce-partitionkey': 'CALL1' })),
  subject: 'sample.values.CALL1',
});

adapterLaws('claim-check', {
  flow: bundlesFlow,
  service: sampleService(bundlesFlow, receiptsFlow),
  event: plain('Bundle', { reference: 'R1', manifest: [] }),
  subject: 'sample.bundles',
});
