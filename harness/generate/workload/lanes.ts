import type { Lane, Step } from '../../model/workload.ts';

/**
 * Lanes in which one with a key waits for those before it with the same key: there is one sender of a key at a time. One that begins with a
 * wait of its own for a message of that key, and is put on the bus past every sender, is to come between.
 */
export function inTurn(lanes: readonly Lane[], keyOf: (message: number) => string): readonly Lane[] {
  const last = new Map<string, number>();
  return lanes.map((steps, lane) => {
    const keys = new Set(
      steps.flatMap((step) => (step.do === 'send' || step.do === 'inject' ? [keyOf(step.message)] : [])),
    );
    keys.delete('');
    const [first] = steps;
    const isSent = steps.some((step) => step.do === 'send');
    const own = !isSent && first?.do === 'wait' && first.for.until === 'since-sent' ? keyOf(first.for.message) : '';
    const before = new Set([...keys].flatMap((key) => (key === own ? [] : (last.get(key) ?? []))));
    for (const key of keys) last.set(key, lane);
    return [...[...before].map((other): Step => ({ do: 'wait', for: { until: 'lane', lane: other } })), ...steps];
  });
}
