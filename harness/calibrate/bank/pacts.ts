import type { Defect } from '../defect.ts';
import { carrying, header, overlooking, withHeaders, without } from './changes.ts';

/** Faults that break what the pacts of consumers say, on either side of the bus. */
export const ofPacts: readonly Defect[] = [
  {
    name: 'loses-what-a-pact-expects',
    title: 'the providing adapter puts events on the bus without the correlation that their consumers expect',
    clause: 'CON-1',
    flow: 'anpr-hit/camera-status',
    scenario: 'pact-provider',
    breaks: { steps: carrying('to-bus', (event) => without(event, 'ce-correlationid')) },
  },
  {
    name: 'shortens-what-a-pact-expects',
    title: 'the providing adapter writes the body again, without the second half of its fields',
    clause: 'CON-1',
    flow: 'case-file-transfer/batches',
    scenario: 'pact-provider',
    breaks: {
      steps: carrying('to-bus', (event) => {
        const members = Object.entries(JSON.parse(Buffer.from(event.body).toString('utf8')) as Record<string, unknown>);
        const kept = Object.fromEntries(members.slice(0, Math.ceil(members.length / 2)));
        return { ...event, body: Buffer.from(JSON.stringify(kept)) };
      }),
    },
  },
  {
    name: 'answers-under-another-name',
    title: 'the answering adapter gives replies a source of its own',
    clause: 'CON-1',
    flow: 'records-check/vehicle-checks',
    scenario: 'pact-provider',
    breaks: {
      steps: carrying('to-bus', (event) =>
        header(event, 'ce-type').endsWith('Reply') ? withHeaders(event, { 'ce-source': 'urn:adapter' }) : event,
      ),
    },
  },
  {
    name: 'hands-over-what-breaks-a-pact',
    title: 'the consuming adapter checks nothing, and hands over messages that break its application’s pact',
    clause: 'CON-2',
    flow: 'custody-task/tasks',
    scenario: 'pact-consumer',
    breaks: { steps: overlooking('to-application', /./) },
  },
  {
    name: 'hands-over-replies-that-break-a-pact',
    title: 'the asking adapter hands over replies that break its application’s pact',
    clause: 'CON-2',
    flow: 'records-check/person-checks',
    scenario: 'pact-consumer',
    breaks: { steps: overlooking('to-application', /./) },
  },
  {
    name: 'answers-requests-that-break-a-pact',
    title: 'the answering adapter checks no request, and hands over those that break what their asker’s pact says',
    clause: 'CON-2',
    flow: 'records-check/vehicle-checks',
    scenario: 'pact-provider',
    breaks: { steps: overlooking('to-application', /./) },
  },
  {
    name: 'keeps-a-header-that-a-pact-expects',
    title: 'the consuming adapter hands events over without the correlation that their application expects',
    clause: 'CON-2',
    flow: 'anpr-hit/hits',
    scenario: 'pact-consumer',
    breaks: { steps: carrying('to-application', (event) => without(event, 'ce-correlationid')) },
  },
  {
    name: 'refuses-what-a-pact-allows',
    title: 'the consuming adapter takes half of the valid events for invalid ones',
    clause: 'CON-2',
    flow: 'unit-state/status',
    scenario: 'pact-consumer',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          way === 'to-application' && event.body.length % 2 === 0
            ? { reason: 'invalid', detail: 'body: of a length that is not liked' }
            : check(flow, event),
      },
    },
  },
];
