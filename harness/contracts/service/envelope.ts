import { crosses, requiredAttributes } from '../../model/event.ts';
import { classifications, type Flow } from '../../model/flow.ts';
import { isJsonObject } from '../../model/json.ts';
import { fieldAt, keywordValues, requiredNames } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';
import type { ReadMessage } from './message.ts';

/** Header schemas: each must demand what the envelope demands of its flow, and pin what is fixed. */
export function checkEnvelopes(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const { flow, messages, replies } of flows) {
    for (const message of messages) checkHeaders(flow, message, demandedOf(flow), mistakes);
    for (const reply of replies) checkHeaders(flow, reply, [...requiredAttributes, 'ce-causationid'], mistakes);
    if (flow.pattern === 'request-reply') for (const message of messages) checkSampled(message, mistakes);
  }
}

function demandedOf(flow: Flow): readonly string[] {
  return [
    ...requiredAttributes,
    ...(flow.key === undefined ? [] : ['ce-partitionkey']),
    ...(flow.pattern === 'ordered-stream' ? ['ce-sequence'] : []),
    ...(flow.expiryMs === undefined ? [] : ['ce-expirytime']),
    ...(flow.pattern === 'request-reply' ? ['traceparent'] : []),
  ];
}

function checkHeaders(flow: Flow, message: ReadMessage, demanded: readonly string[], mistakes: Mistakes): void {
  const at = placeAt(child(message.at, 'headers'));
  const given = requiredNames(message.headers);
  const say = (what: string, next: string): void => {
    mistakes.add(at, `the header schema of ${message.name} ${what}`, next);
  };
  for (const name of demanded) if (!given.has(name)) say(`does not require ${name}`, 'add it to required');
  for (const name of given)
    if (typeof name === 'string' && !crosses(name))
      say(`requires ${name}, which does not cross the bus`, 'name it ce-…, in letters and digits, or leave it out');
  const fixed = { 'ce-type': message.name, 'ce-specversion': '1.0', 'ce-datacontenttype': 'application/json' };
  for (const [name, value] of Object.entries(fixed)) {
    const constants = keywordValues(message.headers, `/${name}`, 'const');
    if (!constants.includes(value)) say(`does not fix ${name}`, `write ${name}: { const: ${JSON.stringify(value)} }`);
  }
  if (message.dataschema === '') say('does not fix ce-dataschema', "write ce-dataschema: { const: 'urn:…' }");
  for (const name of ['ce-time', 'ce-expirytime']) {
    if (!demanded.includes(name) && fieldAt(message.headers, `/${name}`) === undefined) continue;
    if (!keywordValues(message.headers, `/${name}`, 'format').includes('date-time'))
      say(`lets ${name} be no time`, `write ${name}: { type: string, format: date-time }`);
  }
  checkClassification(flow, message, say);
  for (const name of propertyNames(message)) {
    if (name !== name.toLowerCase())
      say(`names ${name}, and names are in lower case on the bus`, 'write it in lower case');
  }
}

function checkClassification(flow: Flow, message: ReadMessage, say: (what: string, next: string) => void): void {
  const known: readonly unknown[] = classifications;
  const lists = keywordValues(message.headers, '/ce-classification', 'enum').flatMap((list) =>
    Array.isArray(list) ? [list as readonly unknown[]] : [],
  );
  const values = [...lists.flat(), ...keywordValues(message.headers, '/ce-classification', 'const')];
  if (values.length === 0 || values.some((value) => !known.includes(value))) {
    say(
      'does not close the list of ce-classification',
      `write ce-classification: { enum: [${classifications.join(', ')}] }`,
    );
  } else if (!values.some((value) => known.indexOf(value) <= known.indexOf(flow.classification))) {
    say(
      `allows no classification at or under ${flow.classification}, the ceiling of ${flow.channel}`,
      'allow one, or raise the ceiling',
    );
  }
}

function propertyNames(message: ReadMessage): readonly string[] {
  return keywordValues(message.headers, '', 'properties').flatMap((value) =>
    isJsonObject(value) ? Object.keys(value) : [],
  );
}

/** The audit joins a request with its answer by a traceparent that says "sampled". */
function checkSampled(message: ReadMessage, mistakes: Mistakes): void {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
  const patterns = keywordValues(message.headers, '/traceparent', 'pattern').filter(
    (pattern) => typeof pattern === 'string',
  );
  const meets = (value: string): boolean => patterns.every((pattern) => new RegExp(pattern, 'u').test(value));
  if (patterns.length > 0 && meets(`${trace}-01`) && !meets(`${trace}-00`)) return;
  const what = `the header schema of ${message.name} does not demand a sampled traceparent, by which requests are audited`;
  mistakes.add(
    placeAt(child(message.at, 'headers')),
    what,
    "write traceparent: { type: string, pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-01$' }",
  );
}
