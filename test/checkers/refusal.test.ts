import { describe, expect, test } from 'vitest';
import { judgeSenders } from '../../harness/checkers/refusal.ts';
import { problemFaults } from '../../harness/model/problem-details.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Failure } from '../../harness/model/verdict.ts';
import { findingsOf, wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged } from './judged.ts';
import { worldOf } from './world.ts';

const queue = flows['work-queue'];

function word(clause: string, violation: string, status: number, reason: string): string {
  const { world, rows } = worldOf(queue);
  world.send(world.plan({ violation }), { status, reason }).finish();
  return wordOf(findingsOf(queue, rows, [clause]).get(clause));
}

describe('an event that breaks the contract is refused at its sender', () => {
  test.each([
    ['SCH-1', 'schema:type:/a', 422, 'invalid', 'pass'],
    ['SCH-1', 'schema:type:/a', 422, 'a reason of its own', 'pass'],
    ['SCH-1', 'schema:type:/a', 400, 'invalid', 'fail'],
    ['SCH-1', 'schema:type:/a', 415, 'not-binary', 'fail'],
    ['SCH-4', 'size', 413, 'too-large', 'pass'],
    ['SCH-4', 'size', 422, 'invalid', 'fail'],
    ['ENV-1', 'header:ce-type', 415, 'not-binary', 'pass'],
    ['ENV-1', 'header:ce-type', 422, 'unknown-type', 'pass'],
    ['ENV-1', 'header:ce-datacontenttype:not-allowed', 415, 'not-binary', 'pass'],
    ['ENV-1', 'header:ce-datacontenttype:not-allowed', 422, 'invalid', 'fail'],
    ['ENV-1', 'header:ce-type', 404, 'unknown-type', 'fail'],
    ['ENV-5', 'header:ce-classification', 422, 'invalid', 'pass'],
    ['ENV-5', 'header:ce-classification', 403, 'invalid', 'fail'],
  ])('by %s, for %s, with a status of the port: %i (%s) is a %s', (clause, violation, status, reason, said) => {
    expect(word(clause, violation, status, reason)).toBe(said);
  });

  test.each(Object.values(problemFaults))('with problem details: %s is none', (reason) => {
    expect(word('SCH-1', 'schema:type:/a', 422, reason)).toBe('fail');
  });
});

describe('a reply that breaks the contract comes to its asker as a refusal', () => {
  const asks = flows['request-reply'];
  const given = (change: (rows: Rows, reply: number) => void = () => {}): string => {
    const { world, rows } = worldOf(asks);
    const other = world.plan();
    world.ask(other, world.plan({ type: 'Reply', application: 'one', role: 'reply' }));
    const request = world.plan();
    const reply = world.plan({ type: 'Reply', application: 'one', role: 'reply', violation: 'schema:type:/a' });
    world.ask(request, reply, { replyType: 'Refusal', replyReason: 'invalid', reply: NONE });
    world.finish();
    change(rows, reply);
    const finding = judged(asks, rows, 'SCH-1', (trial, judgement) => judgeSenders(trial, ['schema'], judgement));
    const [failure] = finding.failures;
    return failure === undefined ? wordOf(finding) : told(failure);
  };
  const told = ({ application, expected, observed, evidence }: Failure): string =>
    [application, expected, observed, evidence.map(({ table, row }) => `${table} ${String(row)}`).join(' ')].join('; ');

  test('as it should', () => {
    expect(given()).toBe('pass');
  });
  test.each([
    [204, 'pass'],
    [404, 'not-exercised'],
    [500, 'not-exercised'],
  ])('where its application gave it with %i: %s', (status, word) => {
    expect(
      given((rows, reply) => void Object.assign(rows.delivery.find((row) => row.reply === reply) ?? {}, { status })),
    ).toBe(word);
  });
  test('and not where it was never given', () => {
    expect(given((rows, reply) => (rows.delivery = rows.delivery.filter((row) => row.reply !== reply)))).toBe(
      'not-exercised',
    );
  });
  test('and is not handed over itself', () => {
    expect(given((rows, reply) => void Object.assign(rows.send[1] ?? {}, { reply, replyType: 'Reply' }))).toBe(
      'one; the answering adapter to send a refusal in place of Reply m3 (breaks schema:type:/a); the asking application was handed that reply; planned 3 delivery 1 send 1',
    );
  });
});
