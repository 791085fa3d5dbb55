import type { CloudEvent } from '../../model/event.ts';
import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, checkingAs, header, onlyHeaders, withHeaders } from './changes.ts';

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';
const longestValue = 256;
const longestName = 'ce-'.length + 20;

/** An adapter that reads a content type without its parameters. */
const withoutParameter = (event: CloudEvent): CloudEvent => {
  const [type = ''] = (event.headers['ce-datacontenttype'] ?? '').split(';');
  return { ...event, headers: { ...event.headers, 'ce-datacontenttype': type } };
};

/** As it is, or escaped. */
const beyondTheBasicPlane = /[\u{10000}-\u{10ffff}]|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/giu;

/** Faults that only a rare value shows: a long name, an empty attribute, a great number, a time of another zone. */
export const ofValues: readonly Defect[] = [
  {
    name: 'cuts-parameters-of-content-types',
    title: 'leaves out what stands behind the content type, and takes it for the right one',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: {
      steps: {
        check: (check, flow, event) => check(flow, withoutParameter(event)),
        carry: (event, way) => withoutParameter(standardSteps.carry(event, way)),
      },
    },
  },
  {
    name: 'cuts-long-values',
    title: `cuts attributes after ${String(longestValue)} characters`,
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) => ({
        ...event,
        headers: Object.fromEntries(
          Object.entries(event.headers).map(([name, value]) => [name, value.slice(0, longestValue)]),
        ),
      })),
    },
  },
  {
    name: 'drops-empty-attributes',
    title: 'takes an attribute without a value for one that is not there',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => onlyHeaders(event, (_, value) => value !== '')),
    },
  },
  {
    name: 'drops-long-names',
    title: 'drops attributes whose names are longer than 20 characters',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => onlyHeaders(event, (name) => name.length <= longestName)),
    },
  },
  {
    name: 'overlooks-zones',
    title: 'takes every expiry for one in UTC',
    clause: 'DEL-6',
    flow: 'anpr-hit/hits',
    scenario: 'expiry',
    breaks: {
      steps: {
        expired: (event, now) =>
          Date.parse(`${header(event, 'ce-expirytime').replace(/(Z|[+-]\d\d:\d\d)$/u, '')}Z`) <= now,
      },
    },
  },
  {
    name: 'compares-without-case',
    title: 'takes a value in other case for the header that it is to be equal to',
    clause: 'SCH-3',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: {
      steps: checkingAs((text) =>
        text.replaceAll(/"taskId"\s*:\s*"[^"]*"/gu, (member) => member.toLowerCase().replace('taskid', 'taskId')),
      ),
    },
  },
  {
    name: 'compares-whole-seconds',
    title: 'compares times without their fractions of a second',
    clause: 'SCH-3',
    flow: 'anpr-hit/reads',
    scenario: 'invalid-sent',
    breaks: { steps: checkingAs((text) => text.replaceAll(/(T\d\d:\d\d:\d\d)\.\d+/gu, '$1')) },
  },
  {
    name: 'counts-code-units',
    title:
      'counts characters outside the Basic Multilingual Plane twice, and refuses texts that are as long as they may be',
    clause: 'SCH-1',
    flow: hits,
    scenario: 'unknown-fields',
    breaks: { steps: checkingAs((text) => text.replaceAll(beyondTheBasicPlane, '..')) },
  },
  {
    name: 'sequences-in-31-bits',
    title: 'reads sequences into 32 bits, so that a great one is negative',
    clause: 'ORD-2',
    flow: 'incident-lifecycle/incidents',
    scenario: 'gap',
    breaks: {
      steps: {
        follows: (last, event) => {
          const sequence = String(Number(header(event, 'ce-sequence')) | 0);
          return standardSteps.follows(last, withHeaders(event, { 'ce-sequence': sequence }));
        },
      },
    },
  },
];
