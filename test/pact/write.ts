/** `npm run pacts [FOLDER]`: runs the consumer tests with Pact, each of which writes a pact; by default into contracts/. */
import { deepStrictEqual } from 'node:assert';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import type { JsonObject, JsonValue } from '../../harness/model/json.ts';
import {
  headersOf,
  type Body,
  type ConsumerTest,
  type EventExpected,
  type ReplyExpected,
} from './consumers/consumer.ts';
import { consumers } from './consumers/index.ts';

const target = resolve(process.argv[2] ?? join(import.meta.dirname, '../../contracts'));

// What is no longer expected would stay in a file that is there.
for (const service of new Set(consumers.map((test) => test.service))) {
  await rm(join(target, service, 'pacts'), { recursive: true, force: true });
}
for (const test of consumers) await write(test);
process.exit(0);

async function write(test: ConsumerTest): Promise<void> {
  const folder = join(target, test.service, 'pacts');
  await mkdir(folder, { recursive: true });
  const pact = new PactV4({ consumer: test.consumer, provider: test.provider, dir: folder, logLevel: 'error' });
  for (const expected of test.events ?? []) await hear(pact, test, expected);
  for (const expected of test.requests ?? []) await ask(pact, expected);
  const file = join(folder, `${test.consumer}-${test.provider}.json`);
  const written = JSON.parse(await readFile(file, 'utf8')) as JsonObject;
  await writeFile(file, `${JSON.stringify(withEnvelopes(written, test), null, 2)}\n`);
}

async function hear(pact: PactV4, { service, provider }: ConsumerTest, expected: EventExpected): Promise<void> {
  const interaction = pact.addAsynchronousInteraction();
  for (const [state, params] of Object.entries(expected.given ?? {})) given(interaction, state, params);
  const metadata = {
    ...headersOf(service, provider, expected.type),
    ...(expected.subject === undefined ? {} : { subject: MatchersV3.regex(expected.subject, subjectOf(expected)) }),
  };
  await interaction
    .expectsToReceive(expected.description, (builder) => {
      // The builder's type knows values alone; its code takes matchers, as those of a body.
      builder.withJSONContent(expected.body).withMetadata(metadata);
    })
    .executeTest((message) => {
      deepStrictEqual(expected.use(message.contents.content as Body), expected.gives);
      return Promise.resolve();
    });
}

async function ask(pact: PactV4, expected: ReplyExpected): Promise<void> {
  for (const [at, reply] of expected.replies.entries()) {
    // One builder has one response; several are put together below.
    const interaction = pact.addSynchronousInteraction(nameOf(expected, at));
    for (const [state, params] of Object.entries(expected.given ?? {})) given(interaction, state, params);
    await interaction
      .withRequest((builder) => void builder.withJSONContent(expected.body))
      .withResponse((builder) => void builder.withJSONContent(reply.body))
      .executeTest((message) => {
        const body = JSON.parse(Buffer.from(message.Response[0]?.content as Buffer).toString('utf8')) as Body;
        deepStrictEqual(reply.use(body), reply.gives);
        return Promise.resolve();
      });
  }
}

function nameOf({ description }: ReplyExpected, at: number): string {
  return at === 0 ? description : `${description} (response ${String(at + 1)})`;
}

function given(
  interaction: { given: (state: string, params?: Record<string, string | number>) => unknown },
  state: string,
  params: Readonly<Record<string, string | number>>,
): void {
  if (Object.keys(params).length === 0) interaction.given(state);
  else interaction.given(state, { ...params });
}

/** The shortest subject that an expression of these tests matches. */
function subjectOf({ subject = '', type, body }: EventExpected): string {
  const example = Object.values(body)
    .map((matcher: unknown) => (matcher as { readonly value?: unknown }).value)
    .find((value) => typeof value === 'string');
  return subject
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\.', '.')
    .replace(/\[1-\d\]/, '1')
    .replace(/\[A-Z[^\]]*\]\+/, String(example))
    .replace('{type}', type);
}

/**
 * The format holds what the library's builders do not: the metadata of requests and responses, and several responses of one
 * interaction.
 */
function withEnvelopes(pact: JsonObject, test: ConsumerTest): JsonObject {
  const interactions = pact['interactions'] as readonly JsonObject[];
  const find = (description: string): JsonObject =>
    interactions.find((interaction) => interaction['description'] === description) as JsonObject;
  const put = (part: JsonValue | undefined, sender: string, type: string): JsonObject => {
    const { metadata, rules } = plain(headersOf(test.service, sender, type));
    const { matchingRules } = part as JsonObject;
    return { ...(part as JsonObject), matchingRules: { ...(matchingRules as JsonObject), metadata: rules }, metadata };
  };
  const asked = (test.requests ?? []).map((expected) => {
    const first = find(expected.description);
    const response = expected.replies.map((reply, at) => {
      const [only] = find(nameOf(expected, at))['response'] as readonly JsonValue[];
      return put(only, test.provider, reply.type);
    });
    return { ...first, request: put(first['request'], test.consumer, expected.type), response };
  });
  const heard = interactions.filter(({ type }) => type === 'Asynchronous/Messages');
  return { ...pact, interactions: [...heard, ...asked] };
}

/** Matchers of headers as a file has them: examples, and rules. */
function plain(headers: Readonly<Record<string, unknown>>): { metadata: JsonObject; rules: JsonObject } {
  const metadata: Record<string, JsonValue> = {};
  const rules: Record<string, JsonValue> = {};
  for (const [name, matcher] of Object.entries(headers)) {
    if (typeof matcher === 'string') {
      metadata[name] = matcher;
      continue;
    }
    const { value, regex } = matcher as { readonly value: string; readonly regex: string };
    metadata[name] = value;
    rules[name] = { combine: 'AND', matchers: [{ match: 'regex', regex }] };
  }
  return { metadata, rules };
}
