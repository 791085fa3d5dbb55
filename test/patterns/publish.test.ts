import { TimeoutError, errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';

import type { PublishOutcome } from '../../harness/patterns/outcome.ts';
import type { Port } from '../../harness/patterns/pattern.ts';
import { publish } from '../../harness/patterns/publish.ts';
import { standardSteps } from '../../harness/patterns/steps.ts';
import { fanOutFlow, readsFlow } from '../fixtures/flows.ts';

interface Tried {
  readonly id: string;
  readonly waitMs: number;
}

/** A connection whose requests end in turn as told: with an acknowledgement, or an error. */
function scripted(answers: readonly (object | Error)[], connected: readonly boolean[] = []) {
  const tries: Tried[] = [];
  const connection = {
    request: (
      _subject: string,
      _body: Uint8Array,
      options: { timeout: number; headers: { get(name: string): string } },
    ) => {
      const answer = answers[tries.length];
      tries.push({ id: options.headers.get('Nats-Msg-Id'), waitMs: options.timeout });
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ json: () => answer } as unknown as Msg);
    },
  } as unknown as NatsConnection;
  const port = { connection, connected: () => connected[tries.length] ?? true } as unknown as Port;
  const run = (flow = fanOutFlow): Promise<PublishOutcome> =>
    publish(
      port,
      { subject: 's', body: new Uint8Array(), headers: () => ({ 'Nats-Msg-Id': 'urn:a 1' }) },
      standardSteps.patience(flow),
    );
  return { tries, run };
}

const lost = new TimeoutError();

describe('a publish to a stream', () => {
  test('is repeated up to three times with the same id while no acknowledgement comes', async () => {
    const { tries, run } = scripted([lost, lost, lost, { seq: 7, duplicate: true }]);
    expect(await run()).toEqual({ kind: 'stored', sequence: 7, duplicate: true, repeat: 3 });
    expect(tries).toEqual(Array.from({ length: 4 }, () => ({ id: 'urn:a 1', waitMs: 2000 })));
  });

  test('has an unknown outcome once all repeats went unacknowledged', async () => {
    const { tries, run } = scripted([lost, lost, lost, lost, { seq: 1 }]);
    expect(await run()).toEqual({ kind: 'unacknowledged' });
    expect(tries).toHaveLength(4);
  });

  test('is never repeated where delivery is at most once', async () => {
    const { tries, run } = scripted([lost, { seq: 1 }]);
    expect(await run(readsFlow)).toEqual({ kind: 'unacknowledged' });
    expect(tries).toHaveLength(1);
  });

  test('is refused at once where the bus refuses', async () => {
    const { tries, run } = scripted([{ error: { err_code: 10_077, description: 'maximum bytes exceeded' } }]);
    expect(await run()).toEqual({ kind: 'refused', code: 10_077, why: 'maximum bytes exceeded' });
    expect(tries).toHaveLength(1);
  });

  test('has no responder where no stream takes the subject', async () => {
    const { run } = scripted([new errors.NoRespondersError('s')]);
    expect(await run()).toEqual({ kind: 'no-responder' });
  });

  test('does not leave a client that is not connected', async () => {
    const { tries, run } = scripted([{ seq: 1 }], [false]);
    expect(await run()).toEqual({ kind: 'not-connected' });
    expect(tries).toHaveLength(0);
  });

  test('is repeated where the connection went after the first, and has an unknown outcome where it stays away', async () => {
    const back = scripted([lost, lost, { seq: 7 }], [true, false, false]);
    expect(await back.run()).toEqual({ kind: 'stored', sequence: 7, duplicate: false, repeat: 2 });
    const gone = scripted([lost, lost, lost, lost], [true, false, false, false]);
    expect(await gone.run()).toEqual({ kind: 'unacknowledged' });
    expect(gone.tries).toHaveLength(4);
  });

  test('is answered 202, 503 or 504 as it went', () => {
    const statusOf = (outcome: PublishOutcome): number => standardSteps.answerTo(outcome).status;
    expect(statusOf({ kind: 'stored', sequence: 1, duplicate: false, repeat: 0 })).toBe(202);
    expect(statusOf({ kind: 'refused', code: 1, why: '' })).toBe(503);
    expect(statusOf({ kind: 'no-responder' })).toBe(503);
    expect(statusOf({ kind: 'not-connected' })).toBe(503);
    expect(statusOf({ kind: 'unacknowledged' })).toBe(504);
  });
});
