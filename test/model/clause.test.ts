import { describe, expect, test } from 'vitest';
import { applies, governs, judges, rolesIn, type Clause, type PortRule } from '../../harness/model/clause.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { flows } from '../checkers/flows.ts';

const fan: Flow = flows['fan-out'];
const asks: Flow = flows['request-reply'];
const clause = (changes: Partial<Clause>): Clause => ({
  id: 'A-1',
  level: 'MUST',
  subjects: ['consumer'],
  text: '',
  why: '',
  patterns: ['fan-out'],
  guarantees: [],
  test: '',
  ...changes,
});

describe('a clause', () => {
  test('applies to flows of its patterns, of its delivery, that declare what it is about', () => {
    expect(applies(clause({}), fan)).toBe(true);
    expect(applies(clause({}), asks)).toBe(false);
    expect(applies(clause({ delivery: 'at-least-once' }), fan)).toBe(true);
    expect(applies(clause({ delivery: 'at-most-once' }), fan)).toBe(false);
    expect(applies(clause({ guarantees: ['expiryMs', 'stream'] }), fan)).toBe(true);
    expect(applies(clause({ guarantees: ['expiryMs', 'key'] }), fan)).toBe(false);
  });

  test('judges adapters of its own roles', () => {
    expect(judges(clause({}), ['provider', 'consumer'])).toBe(true);
    expect(judges(clause({}), ['provider'])).toBe(false);
    expect(judges(clause({}), [])).toBe(false);
    expect(judges(clause({ subjects: ['bus', 'provider'] }), ['provider'])).toBe(true);
  });
});

describe('an application', () => {
  test('provides what it publishes, and consumes what it receives', () => {
    expect(rolesIn(fan, 'sender')).toEqual(['provider']);
    expect(rolesIn(fan, 'two')).toEqual(['consumer']);
    expect(rolesIn(fan, 'another')).toEqual([]);
    expect(rolesIn({ ...fan, senders: ['one'] }, 'one')).toEqual(['provider', 'consumer']);
  });

  test('provides the answers to requests, and consumes what it asked for', () => {
    expect(rolesIn(asks, 'sender')).toEqual(['consumer']);
    expect(rolesIn(asks, 'one')).toEqual(['provider']);
  });
});

describe('a rule of the application port', () => {
  const rule = (changes: Partial<PortRule>): PortRule => ({ id: 'R1', title: 'A rule', clauses: [], ...changes });
  const sender = fan.senders[0];
  const receiver = fan.receivers[0]?.application;

  test('is for every flow and every application where it says nothing else', () => {
    for (const flow of [fan, asks]) expect(governs(rule({}), flow, sender)).toBe(true);
  });

  test('is for flows of its patterns that declare what it is about', () => {
    expect(governs(rule({ patterns: ['fan-out'] }), fan, sender)).toBe(true);
    expect(governs(rule({ patterns: ['fan-out'] }), asks, sender)).toBe(false);
    expect(governs(rule({ guarantees: ['expiryMs', 'stream'] }), fan, sender)).toBe(true);
    expect(governs(rule({ guarantees: ['expiryMs', 'key'] }), fan, sender)).toBe(false);
  });

  test('is for who sends or for who receives, and for either where nobody is named', () => {
    const [sends, receives] = [rule({ side: 'sends' }), rule({ side: 'receives' })];
    expect([governs(sends, fan, sender), governs(sends, fan, receiver)]).toEqual([true, false]);
    expect([governs(receives, fan, sender), governs(receives, fan, receiver)]).toEqual([false, true]);
    expect([governs(sends, fan), governs(receives, fan)]).toEqual([true, true]);
  });
});
