import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PlayedContents } from '../../harness/engine/played-contents.ts';
import type { TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import type { PlannedContent } from '../../harness/model/workload.ts';

async function* bytes(count = 8): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(count).fill(1));
}

/** An application with one bundle of one content. */
function playing(spec: Partial<PlannedContent>): PlayedContents {
  const content: PlannedContent = { bytes: 8, seed: 1, ...spec };
  const state = {
    history: new HistoryBuilder(),
    clock: { now: () => 0 },
    signal: new AbortController().signal,
    planned: {
      list: [{ index: 0, message: { id: 'a', contents: [content] } }],
      content: () => bytes(),
      contentDigest: () => createHash('sha256').update(new Uint8Array(8).fill(1)).digest('hex'),
      contentSpec: () => content,
    },
  };
  return new PlayedContents('one', state as unknown as TrialState);
}
const asked = (contents: PlayedContents, times: number): readonly number[] =>
  Array.from({ length: times }, () => contents.offered('a', 0, 0).status);

describe('an application with contents', () => {
  test('answers as it is told to, in turn, and then gives what it has', () => {
    expect(asked(playing({ answers: [503, 0] }), 4)).toEqual([503, 0, 200, 200]);
    expect(asked(playing({}), 2)).toEqual([200, 200]);
  });
  test('refuses for good what it is to refuse', () => {
    expect(asked(playing({ answers: [503, 410], fault: 'refused' }), 4)).toEqual([503, 410, 410, 410]);
  });
  test('says 404 of what it has not, whatever it is told to answer', () => {
    expect(asked(playing({ answers: [503], fault: 'absent' }), 1)).toEqual([404]);
    expect(playing({}).offered('b', 0, 0)).toEqual({ status: 404 });
  });
  test('has taken a content once it says so, and not where it answers otherwise', async () => {
    const contents = playing({ answers: [503] });
    expect(await contents.stage('a', 0, bytes(), 0)).toEqual({ status: 503 });
    expect(contents.areIntact('a', 0)).toBe('no');
    expect(await contents.stage('a', 0, bytes(), 0)).toEqual({ status: 204 });
    expect(contents.areIntact('a', 0)).toBe('yes');
    expect(await contents.stage('a', 0, bytes(7), 0)).toEqual({ status: 204 });
    expect(contents.areIntact('a', 0)).toBe('no');
  });
});
