import { describe, expect, test } from 'vitest';

import { Memory, memoryLimit } from '../../harness/patterns/memory.ts';
import { Newest } from '../../harness/patterns/newest.ts';
import { sampleEvent } from '../fixtures/events.ts';

const event = (id: string, text = 'x') => sampleEvent({ type: 'Task', id, payload: { text } });

describe('the memory of accepted events', () => {
  test('knows an id with the same body, with another body, and not at all', () => {
    const memory = new Memory();
    expect(memory.recall(event('1'))).toBe('unknown');
    memory.remember(event('1'));
    expect(memory.recall(event('1'))).toBe('same');
    expect(memory.recall(event('1', 'y'))).toBe('other');
    expect(memory.recall({ ...event('1'), headers: { ...event('1').headers, 'ce-source': 'urn:else' } })).toBe(
      'unknown',
    );
  });

  test('takes the same body under another type for other content', () => {
    const memory = new Memory();
    memory.remember(event('1'));
    expect(memory.recall({ ...event('1'), headers: { ...event('1').headers, 'ce-type': 'Other' } })).toBe('other');
  });

  test('keeps the newest ten thousand', () => {
    const memory = new Memory();
    for (let n = 0; n <= memoryLimit; n++) memory.remember(event(String(n)));
    expect(memory.recall(event('0'))).toBe('unknown');
    expect(memory.recall(event('1'))).toBe('same');
    expect(memory.recall(event(String(memoryLimit)))).toBe('same');
  });
});

test('the newest value of a key never goes back', () => {
  const newest = new Newest();
  const at = (time: string, key = 'K') =>
    sampleEvent({ type: 'Value', id: time, headers: { 'ce-time': time, 'ce-partitionkey': key } });
  newest.note(at('2026-03-01T12:00:05Z'));
  newest.note(at('2026-03-01T12:00:03Z'));
  expect(newest.of(at('2026-03-01T12:00:00Z'))).toBe(Date.parse('2026-03-01T12:00:05Z'));
  expect(newest.of(at('2026-03-01T12:00:00Z', 'other'))).toBeUndefined();
});
