import { expect, test } from 'vitest';
import { inTurn } from '../../harness/generate/workload/lanes.ts';
import type { Lane, Step } from '../../harness/model/workload.ts';

const keys = ['a', 'a', 'b', 'a'];
const turned = (...lanes: readonly Lane[]): readonly Lane[] => inTurn(lanes, (message) => keys[message] ?? '');
const send = (message: number): Step => ({ do: 'send', message });
const inject = (message: number): Step => ({ do: 'inject', message });
const since = (message: number): Step => ({ do: 'wait', for: { until: 'since-sent', message, ms: 5 } });
const after = (lane: number): Step => ({ do: 'wait', for: { until: 'lane', lane } });

test('a lane waits for the one before that has its key, and for no other', () => {
  expect(turned([send(0)], [send(2)], [send(1)], [inject(3)])).toEqual([
    [send(0)],
    [send(2)],
    [after(0), send(1)],
    [after(2), inject(3)],
  ]);
});

test('what is put on the bus while another of its key is on its way comes between; a sender of its key does not', () => {
  expect(turned([send(0)], [since(0), inject(1)])).toEqual([[send(0)], [since(0), inject(1)]]);
  expect(turned([send(0)], [since(0), send(1)])).toEqual([[send(0)], [after(0), since(0), send(1)]]);
  expect(turned([send(0)], [since(2), inject(1)])).toEqual([[send(0)], [after(0), since(2), inject(1)]]);
});
