import { afterAll, describe, expect, test } from 'vitest';
import { questionOf } from '../../../harness/pact/question.ts';
import { Verifiers } from '../../../harness/pact/verifiers.ts';
import type { PactPart } from '../../../harness/model/pact.ts';

const verifiers = new Verifiers(2);
afterAll(() => verifiers[Symbol.asyncDispose]());

const part = (more: Partial<PactPart>): PactPart => ({
  type: 'Thing',
  metadata: {},
  matchingRules: {},
  generators: {},
  place: { file: 'p.json' },
  ...more,
});

async function judge(
  expected: PactPart,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  subject = 'things.one',
) {
  const event = { headers, body: Buffer.from(JSON.stringify(body)) };
  const question = questionOf('a thing', expected, [], { where: 'stored', message: 0, subject, event });
  const [answer] = await verifiers.ask('one', 'other', [question]);
  return { holds: answer?.holds, paths: answer?.mismatches.map(({ path }) => path) };
}

describe('what arrived is judged by Pact itself', () => {
  const loose = part({
    contents: { a: 1 },
    matchingRules: { body: { '$.a': { combine: 'AND', matchers: [{ match: 'integer' }] } } },
  });

  test('by its rules, and fields that nobody asked for pass', async () => {
    expect(await judge(loose, {}, { a: 5, b: 'more' })).toEqual({ holds: true, paths: [] });
  });

  test('and a value that breaks a rule is told with its path', async () => {
    expect(await judge(loose, {}, { a: 'five' })).toEqual({ holds: false, paths: ['$.a'] });
  });

  test('and what was asked for and is not there is told', async () => {
    expect((await judge(loose, {}, { b: 1 })).holds).toBe(false);
  });

  test('a header that is missing is told, however loose the rules of the body are', async () => {
    const expected = part({ ...loose, metadata: { 'ce-type': 'Thing', contentType: 'application/json' } });
    const headers = { 'ce-type': 'Thing', 'ce-datacontenttype': 'application/json' };
    expect(await judge(expected, headers, { a: 1 })).toEqual({ holds: true, paths: [] });
    expect(await judge(expected, { 'ce-datacontenttype': 'application/json' }, { a: 1 })).toEqual({
      holds: false,
      paths: ['metadata ce-type'],
    });
  });

  test('a content type that is missing is told: the library’s own default stands in for none', async () => {
    const expected = part({ ...loose, metadata: { contentType: 'application/json' } });
    expect((await judge(expected, {}, { a: 1 })).holds).toBe(false);
  });

  test('the subject is judged as a header is', async () => {
    const expected = part({
      ...loose,
      metadata: { subject: 'things.one' },
      matchingRules: {
        metadata: { subject: { combine: 'AND', matchers: [{ match: 'regex', regex: '^things\\.[a-z]+$' }] } },
      },
    });
    expect((await judge(expected, {}, { a: 1 })).holds).toBe(true);
    expect(await judge(expected, {}, { a: 1 }, 'other.one')).toEqual({ holds: false, paths: ['metadata subject'] });
  });

  test('an error text in place of a message is no message', async () => {
    const expected = part({
      contents: { a: 'x' },
      matchingRules: { body: { '$.a': { combine: 'AND', matchers: [{ match: 'type' }] } } },
    });
    expect((await judge(expected, {}, { error: 'no handler' })).holds).toBe(false);
  });
});

test('a message of a megabyte is judged to its end', async () => {
  const list = Array.from({ length: 20_000 }, (_, at) => ({ number: at, text: 'a'.repeat(32) }));
  const expected = part({ contents: { list, last: 'right' } });
  expect(await judge(expected, {}, { list, last: 'right' })).toEqual({ holds: true, paths: [] });
  expect(await judge(expected, {}, { list, last: 'wrong' })).toEqual({ holds: false, paths: ['$.last'] });
});

test('many are judged at once, each by its own message', async () => {
  const expected = part({ contents: { a: 1 } });
  const questions = Array.from({ length: 30 }, (_, at) =>
    questionOf(`thing ${String(at)}`, expected, [], {
      where: 'stored',
      message: at,
      event: { headers: {}, body: Buffer.from(JSON.stringify({ a: at === 7 ? 2 : 1 })) },
    }),
  );
  const answers = await verifiers.ask('one', 'other', questions);
  expect(answers.flatMap(({ holds }, at) => (holds ? [] : [at]))).toEqual([7]);
});

test('verifiers that are ended answer nothing more', async () => {
  const ended = new Verifiers(1);
  await ended[Symbol.asyncDispose]();
  await expect(ended.ask('one', 'other', [])).resolves.toEqual([]);
  const question = questionOf('a', part({}), [], {
    where: 'stored',
    message: 0,
    event: { headers: {}, body: Buffer.from('1') },
  });
  await expect(ended.ask('one', 'other', [question])).rejects.toThrow(/ended/);
});
