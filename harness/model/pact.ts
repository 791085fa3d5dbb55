import type { Place } from './errors.ts';
import type { JsonObject, JsonSchema, JsonValue } from './json.ts';

/** Metadata keys that stand for the subject on the bus; Pact leaves their name to its users. */
export const subjectKeys: readonly string[] = ['subject', 'topic', 'destination', 'address'];

/** A message of an interaction as its consumer expects it: an example, and rules that say which others would do. */
export interface PactPart {
  /** `ce-type`. */
  readonly type: string;
  /** The example of the body; absent where the interaction says nothing of one. */
  readonly contents?: JsonValue;
  /** Example values by metadata key, as written in the file: headers, the subject, the content type. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Rules by category (`body`, `metadata`), as Pact's V4 format has them. */
  readonly matchingRules: JsonObject;
  readonly generators: JsonObject;
  readonly place: Place;
}

export interface PactState {
  readonly name: string;
  readonly params: Readonly<Record<string, JsonValue>>;
}

export interface Interaction {
  readonly kind: 'asynchronous' | 'synchronous';
  readonly description: string;
  /** As a broker numbers it; absent in a file that no broker gave. */
  readonly id?: string;
  readonly states: readonly PactState[];
  /** Known not to hold yet: it is judged and reported apart, and never counts. */
  readonly pending: boolean;
  readonly comments: JsonObject;
  /** What is published; of a synchronous interaction the request. */
  readonly message: PactPart;
  /** Of a synchronous interaction, every response. */
  readonly responses: readonly PactPart[];
  readonly place: Place;
}

/** What one consumer expects of one provider on one flow. */
export interface Pact {
  /** `<consumer>-<provider>`, and a number where the flow has several of the same two. */
  readonly name: string;
  /** Path of the file, or URL of the broker's pact. */
  readonly file: string;
  readonly consumer: string;
  /** The application that publishes or answers. */
  readonly provider: string;
  readonly specification: 3 | 4;
  readonly interactions: readonly Interaction[];
}

/** What a provider state says of the messages that are sent in it: data of states.yaml. */
export interface ProviderState {
  readonly name: string;
  readonly description: string;
  /** By message name; a schema is met by every payload, or header, beside the message's own. `{ $param: NAME }` stands for a value. */
  readonly messages: Readonly<
    Record<string, { readonly payload?: JsonSchema; readonly headers?: Readonly<Record<string, JsonSchema>> }>
  >;
  readonly place: Place;
}

/** Headers, in lower case, and the subject that a part asks for. */
export function expectedOf({ metadata }: PactPart): {
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string | undefined;
} {
  const headers: Record<string, string> = {};
  let subject: string | undefined;
  for (const [key, value] of Object.entries(metadata)) {
    const name = headerOf(key);
    if (name === undefined) subject = value;
    else headers[name] = value;
  }
  return { headers, subject };
}

/** The header that a metadata key stands for; undefined for the subject. */
export function headerOf(key: string): string | undefined {
  const name = key.toLowerCase();
  if (subjectKeys.includes(name)) return undefined;
  return name === 'contenttype' || name === 'content-type' ? 'ce-datacontenttype' : name;
}

/** The parts of an interaction by the name under which they are judged. */
export function partsOf({ kind, message, responses }: Interaction): readonly (readonly [string, PactPart])[] {
  return kind === 'asynchronous'
    ? [['message', message]]
    : [
        ['request', message],
        ...responses.map(
          (response, at) => [responses.length === 1 ? 'response' : `response ${String(at + 1)}`, response] as const,
        ),
      ];
}

/** One interaction and what a run found of it, or a message that a consumer meets and no pact of its speaks of. */
export interface PactSummary {
  readonly flow: string;
  readonly message: string;
  readonly consumer: string;
  readonly provider: string;
  /** Absent where no pact speaks of the message. */
  readonly interaction?: {
    readonly pact: string;
    readonly file: string;
    readonly description: string;
    readonly pending: boolean;
    /** Messages of the provider that were to be judged. */
    readonly asked: number;
    /** Those of them that arrived and that Pact judged, and those of them that were as expected. */
    readonly judged: number;
    readonly held: number;
    /** Who gave them: the contract document, or a real provider application. */
    readonly source: 'document' | 'application';
    /** Messages that were put before the consumer. */
    readonly tried: number;
  };
}
