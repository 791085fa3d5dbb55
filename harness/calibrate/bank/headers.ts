import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, header, onlyHeaders, overlooking, withHeaders, without } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

const knownHeaders =
  /^(ce-(specversion|id|source|type|time|datacontenttype|dataschema|correlationid|causationid|classification|partitionkey|sequence|expirytime)|trace(parent|state))$/;

/** Faults of what an adapter copies, and of what it checks before it does. */
export const ofTheHeaders: readonly Defect[] = [
  {
    name: 'adds-attribute',
    title: 'adds an attribute of its own',
    clause: 'ENV-1',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-adapterversion': '1.2' })) },
  },
  {
    name: 'drops-what-it-does-not-know',
    title: 'leaves out the attributes that it has no name for',
    clause: 'ENV-1',
    flow: hits,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => onlyHeaders(event, (name) => knownHeaders.test(name))),
    },
  },
  {
    name: 'decodes-escapes',
    title: 'reads escapes out of the source, as of HTTP headers',
    clause: 'ENV-2',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-source': decodeURIComponent(header(event, 'ce-source')) }),
      ),
    },
  },
  {
    name: 'decodes-escapes-of-others',
    title: 'reads escapes out of the attributes that it has no name for',
    clause: 'ENV-1',
    flow: incidents,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => ({
        ...event,
        headers: Object.fromEntries(
          Object.entries(event.headers).map(([name, value]) => [
            name,
            knownHeaders.test(name) ? value : decodeURIComponent(value),
          ]),
        ),
      })),
    },
  },
  {
    name: 'puts-every-header-on-the-bus',
    title: 'puts on the bus whatever headers its application gives it',
    clause: 'ENV-1',
    flow: hits,
    scenario: 'unknown-fields',
    breaks: { steps: { carry: (event, way) => (way === 'to-bus' ? event : standardSteps.carry(event, way)) } },
  },
  {
    name: 'hands-every-header-over',
    title: 'gives its application whatever headers are on the bus',
    clause: 'ENV-1',
    flow: incidents,
    scenario: 'unknown-fields',
    breaks: { steps: { carry: (event, way) => (way === 'to-application' ? event : standardSteps.carry(event, way)) } },
  },
  {
    name: 'carries-every-header-of-a-request',
    title: 'carries whatever headers a request has to the answering application',
    clause: 'ENV-1',
    flow: 'records-check/vehicle-checks',
    scenario: 'unknown-fields',
    breaks: { steps: { carry: (event) => event } },
  },
  {
    name: 'downgrades-classification',
    title: 'puts the lowest classification on everything',
    clause: 'ENV-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-classification': 'OFFICIAL' })) },
  },
  {
    name: 'classification-in-lower-case',
    title: 'writes the classification in lower case',
    clause: 'ENV-5',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-classification': header(event, 'ce-classification').toLowerCase() }),
      ),
    },
  },
  {
    name: 'another-dataschema',
    title: 'names the next version of the schema',
    clause: 'ENV-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-dataschema': header(event, 'ce-dataschema').replace(/:1$/, ':2') }),
      ),
    },
  },
  {
    name: 'source-of-its-own',
    title: 'names itself as the source',
    clause: 'ENV-2',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-source': 'urn:adapter' })) },
  },
  {
    name: 'takes-events-without-source',
    title: 'publishes events that say nothing of their source',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: { steps: overlooking('to-bus', /ce-source/) },
  },
  {
    name: 'drops-expiry',
    title: 'leaves the expiry time out',
    clause: 'ENV-3',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => without(event, 'ce-expirytime')) },
  },
  {
    name: 'cuts-fractions-of-seconds',
    title: 'cuts the fractions of seconds off',
    clause: 'ENV-3',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-time': header(event, 'ce-time').replace(/\.\d+/, '') }),
      ),
    },
  },
  {
    name: 'hands-over-times-in-utc',
    title: 'hands over times in UTC, whatever their offset was',
    clause: 'ENV-3',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-application', (event) =>
        withHeaders(event, { 'ce-time': new Date(header(event, 'ce-time')).toISOString() }),
      ),
    },
  },
  {
    name: 'hands-over-with-a-note',
    title: 'adds an attribute to what it hands over',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-application', (event) => withHeaders(event, { 'ce-receivedby': 'adapter' })) },
  },
  {
    name: 'hands-over-without-key',
    title: 'does not tell its application the key',
    clause: 'ENV-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-application', (event) => without(event, 'ce-partitionkey')) },
  },
  {
    name: 'drops-trace-state',
    title: 'carries the trace and not its state',
    clause: 'ENV-6',
    flow: tasks,
    scenario: 'trace-context',
    breaks: { steps: carrying('to-bus', (event) => without(event, 'tracestate')) },
  },
  {
    name: 'begins-traces',
    title: 'gives an event without a trace context one of its own',
    clause: 'ENV-6',
    flow: 'custody-task/tasks',
    scenario: 'trace-context',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, {
          traceparent: event.headers['traceparent'] ?? `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        }),
      ),
    },
  },
  {
    name: 'refuses-malformed-trace',
    title: 'refuses an event for its malformed trace',
    clause: 'ENV-6',
    flow: tasks,
    scenario: 'trace-context',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          way === 'to-bus' && header(event, 'traceparent').startsWith('00-not')
            ? { reason: 'invalid', detail: 'header traceparent: malformed' }
            : standardSteps.check(check, flow, event, way),
      },
    },
  },
];
