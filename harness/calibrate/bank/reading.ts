import type { CloudEvent } from '../../model/event.ts';
import { payloadOf } from '../../model/payload.ts';
import { standardSteps, type Steps, type Way } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, checkingAs, header, withHeaders } from './changes.ts';

const inLowerCase = (event: CloudEvent): CloudEvent => ({
  ...event,
  headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
});

const namesInAnyCase: Partial<Steps> = {
  check: (check, flow, event) => check(flow, inLowerCase(event)),
  carry: (event, way) => standardSteps.carry(inLowerCase(event), way),
};

/** An adapter that takes what its check refuses for a keyword, where that takes it once every text is written another way. */
const takingFor = (onlyWay: Way, keyword: string, written: (text: string) => string): Partial<Steps> => ({
  check: (check, flow, event, way) => {
    const failure = check(flow, event);
    if (way !== onlyWay || failure?.detail.includes(keyword) !== true) return failure;
    const other = JSON.stringify(payloadOf(event), (_, value: unknown) =>
      typeof value === 'string' ? written(value) : value,
    );
    return check(flow, { ...event, body: Buffer.from(other) });
  },
});

const withoutLineEnd = (text: string): string => text.replace(/\n$/, '');
const withOwnDigits = (text: string): string =>
  text.replaceAll(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));

/** Faults of reading names and values as a language or its libraries do, where the contract asks for something else. */
export const reading: readonly Defect[] = [
  {
    name: 'reads-names-in-any-case',
    title: 'takes headers on the bus for attributes whatever the case of their names',
    clause: 'SCH-2',
    flow: 'custody-task/tasks',
    scenario: 'invalid-injected',
    breaks: { steps: namesInAnyCase },
  },
  {
    name: 'reads-names-of-replies-in-any-case',
    title: 'takes headers of replies for attributes whatever the case of their names',
    clause: 'SCH-2',
    flow: 'records-check/vehicle-checks',
    scenario: 'forged-replies',
    breaks: { steps: namesInAnyCase },
  },
  {
    name: 'takes-a-line-end-after-a-pattern',
    title: 'takes a text with a line end behind what its pattern allows',
    clause: 'SCH-1',
    flow: 'custody-task/tasks',
    scenario: 'invalid-sent',
    breaks: { steps: takingFor('to-bus', 'pattern', withoutLineEnd) },
  },
  {
    name: 'takes-a-line-end-after-a-format',
    title: 'takes a text with a line end behind what its format allows',
    clause: 'SCH-1',
    flow: 'anpr-hit/hits',
    scenario: 'invalid-sent',
    breaks: { steps: takingFor('to-bus', 'format', withoutLineEnd) },
  },
  {
    name: 'takes-digits-of-any-script',
    title: 'takes decimal digits of any script for those of a pattern',
    clause: 'SCH-2',
    flow: 'anpr-hit/hits',
    scenario: 'invalid-injected',
    breaks: { steps: takingFor('to-application', 'pattern', withOwnDigits) },
  },
  {
    name: 'takes-times-in-digits-of-any-script',
    title: 'takes decimal digits of any script for those of a time',
    clause: 'SCH-2',
    flow: 'incident-lifecycle/incidents',
    scenario: 'invalid-injected',
    breaks: { steps: takingFor('to-application', 'format', withOwnDigits) },
  },
  {
    name: 'takes-letters-in-any-case',
    title: 'takes small letters for the capitals of a pattern',
    clause: 'SCH-1',
    flow: 'anpr-hit/hits',
    scenario: 'invalid-sent',
    breaks: { steps: takingFor('to-bus', 'pattern', (text) => text.toUpperCase()) },
  },
  {
    name: 'source-in-lower-case',
    title: 'writes the source in lower case, as of a URI that it takes for the same',
    clause: 'ENV-2',
    flow: 'custody-task/tasks',
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-source': header(event, 'ce-source').toLowerCase() }),
      ),
    },
  },
  {
    name: 'reads-the-first-value-alone',
    title: 'reads a body up to the end of its first value, and leaves unread what stands behind that',
    clause: 'SCH-2',
    flow: 'custody-task/tasks',
    scenario: 'invalid-injected',
    breaks: { steps: checkingAs((text) => text.replace(/\{\}$/, '')) },
  },
  {
    name: 'mends-what-is-no-utf-8',
    title: 'reads bytes that stand for nothing in UTF-8 as the character for such',
    clause: 'SCH-1',
    flow: 'custody-task/tasks',
    scenario: 'invalid-sent',
    breaks: { steps: checkingAs((text) => text) },
  },
  {
    name: 'blanks-made-one',
    title: 'makes one blank of several in the value of an attribute',
    clause: 'ENV-1',
    flow: 'custody-task/tasks',
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) =>
        withHeaders(event, { 'ce-added2later': header(event, 'ce-added2later').replaceAll(/ +/g, ' ') }),
      ),
    },
  },
];
