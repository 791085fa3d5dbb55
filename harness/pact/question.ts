import { contentsInState } from '../generate/pacts/generate.ts';
import { headerOf, type PactPart, type PactState } from '../model/pact.ts';
import type { JsonObject } from '../model/json.ts';
import type { Seen } from '../observe/witness.ts';

/** What Pact's verifier is asked: whether a message that arrived is one that a part of an interaction expects. */
export interface Question {
  /** Unique among the questions of one verification; the description under which the verifier knows it. */
  readonly name: string;
  /** The part as an asynchronous message of its own, in version 4 of the format. */
  readonly interaction: JsonObject;
  /** Metadata that arrived, by the names that the part uses. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Body that arrived, in base64. */
  readonly body: string;
}

/**
 * A request or a response, with its metadata, becomes a message of its own: the verifier drops the metadata of a response, and
 * cannot ask for a second one.
 */
export function questionOf(
  name: string,
  part: PactPart,
  states: readonly PactState[],
  { event, subject }: Seen,
): Question {
  const contents = contentsInState(part, states);
  const metadata: Record<string, string> = {};
  for (const key of Object.keys(part.metadata)) {
    const header = headerOf(key);
    const value = header === undefined ? subject : event.headers[header];
    if (value !== undefined) metadata[key] = value;
    // The verifier's proxy needs one, and makes one up where there is none.
    else if (header === 'ce-datacontenttype') metadata[key] = '';
  }
  return {
    name,
    interaction: {
      type: 'Asynchronous/Messages',
      description: name,
      pending: false,
      ...(contents === undefined
        ? {}
        : { contents: { content: contents, contentType: 'application/json', encoded: false } }),
      metadata: part.metadata,
      matchingRules: part.matchingRules,
    },
    metadata,
    body: Buffer.from(event.body).toString('base64'),
  };
}
