import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { deadLetterHeaders, replayHeaders } from '../model/dead-letter.ts';
import { busStreams, deadLetterSubject, replaySubject } from '../model/names.ts';
import { ownHeaders } from './dead-letter-router.ts';
import { readStream } from './read-stream.ts';
import type { SequenceSet } from './sequence-set.ts';
import type { ReplayRequest } from './steps.ts';
import { headersOf } from './stored-message.ts';

/** A dead letter that was put back. */
export interface Replayed {
  /** Sequence of the dead letter. */
  readonly deadLetter: number;
  readonly id: string;
  readonly source: string;
  /** Where it lies now, for its one receiver. */
  readonly subject: string;
  readonly stream: string;
  readonly sequence: number;
  readonly duplicate: boolean;
}

interface Letter {
  readonly letter: number;
  readonly original: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Puts the dead letters of one receiver back into its flow's stream, on its own replay subject, in the order that they first
 * had, each once. `done` is what was put back before, and is added to.
 */
export async function replay(
  connection: NatsConnection,
  request: ReplayRequest,
  done: SequenceSet,
): Promise<readonly Replayed[]> {
  const { flow, application, key, after = 0 } = request;
  const letters: Letter[] = [];
  const filter = deadLetterSubject(flow, application);
  await readStream(connection, { stream: busStreams.deadLetters, filter }, (message, letter) => {
    const headers = headersOf(message.headers);
    if (letter <= after || done.has(letter) || (key !== undefined && headers['ce-partitionkey'] !== key)) return;
    letters.push({ letter, original: Number(headers[deadLetterHeaders.sequence]), headers, body: message.data });
  });
  letters.sort((a, b) => a.original - b.original || a.letter - b.letter);
  const replayed: Replayed[] = [];
  for (const letter of letters) {
    replayed.push(await putBack(connection, request, letter));
    done.add(letter.letter);
  }
  return replayed;
}

async function putBack(
  connection: NatsConnection,
  request: ReplayRequest,
  { letter, headers, body }: Letter,
): Promise<Replayed> {
  const { application, by } = request;
  const subject = replaySubject(application, headers[deadLetterHeaders.subject] ?? '');
  const carried = ownHeaders(headers);
  carried.set(replayHeaders.deadLetter, String(letter));
  carried.set(replayHeaders.by, by);
  const stored = await jetstream(connection).publish(subject, body, {
    headers: carried,
    msgID: `replay ${application} ${String(letter)}`,
  });
  return {
    deadLetter: letter,
    id: headers['ce-id'] ?? '',
    source: headers['ce-source'] ?? '',
    subject,
    stream: stored.stream,
    sequence: stored.seq,
    duplicate: stored.duplicate,
  };
}
