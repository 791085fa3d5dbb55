import { createHash } from 'node:crypto';
import { contentPath } from '../model/content-path.ts';
import { Problem } from '../model/errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { contentsInState } from '../generate/pacts/generate.ts';
import { headerOf, type Interaction, type PactPart, type PactState } from '../model/pact.ts';
import { itemsOf } from '../patterns/manifest.ts';
import { call, NoAnswer, type HttpAnswer, type HttpRequest } from './http.ts';

/** Longest time for one answer, and most bytes of it. */
const limitMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

/** An event as a provider application gave it. */
export interface GivenEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a bundle, the contents that its manifest names, in their order; else none. */
  readonly contents: readonly Buffer[];
}

/** It gave none, and said so. */
export interface Refusal {
  /** What was found in place of an event, without content. */
  readonly found: string;
}

/**
 * A real provider application, asked as Pact's verifier asks a message provider: for each interaction its states are set up, where
 * there is a URL for that, and the message is asked for by POST `{description, providerStates, request}`. It is in one state at a
 * time, so that one interaction is asked after another, whoever asks.
 */
export class ProviderApplication {
  readonly #url: string;
  readonly #statesUrl: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param url where messages are asked for
   * @param statesUrl where provider states are set up: POST `{state, params, action}`
   */
  constructor(url: string, statesUrl?: string) {
    this.#url = url;
    this.#statesUrl = statesUrl;
  }

  /**
   * The message, or response, of an interaction; of a bundle with its contents, by `GET <url>/content/<ce-id>/<n>`, as an adapter asks for
   * them. Rejects with a Problem where nobody answers: that says nothing of the provider.
   */
  ask(interaction: Interaction, isBundle: boolean): Promise<GivenEvent | Refusal> {
    const asked = this.#turn.then(() => this.#ask(interaction, isBundle));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #ask(interaction: Interaction, isBundle: boolean): Promise<GivenEvent | Refusal> {
    const { states, description, kind, message } = interaction;
    for (const state of states) {
      const refused = await this.#put(state, 'setup');
      if (refused !== undefined) return refused;
    }
    const answer = await this.#post(this.#url, {
      description,
      ...(states.length === 0 ? {} : { providerStates: states.map(({ name, params }) => ({ name, params })) }),
      ...(kind === 'synchronous' ? { request: requestOf(message, states) } : {}),
    });
    let event = 'found' in answer ? answer : eventOf(answer);
    if (isBundle && !('found' in event)) event = await this.#withContents(event);
    for (const state of states) {
      const refused = await this.#put(state, 'teardown');
      if (refused !== undefined) return refused;
    }
    return event;
  }

  async #put({ name, params }: PactState, action: 'setup' | 'teardown'): Promise<Refusal | undefined> {
    if (this.#statesUrl === undefined) return undefined;
    const answer = await this.#post(this.#statesUrl, { state: name, params, action });
    return 'found' in answer
      ? { found: `${answer.found} to the ${action} of the provider state ${JSON.stringify(name)}` }
      : undefined;
  }

  async #withContents(event: GivenEvent): Promise<GivenEvent | Refusal> {
    const id = event.headers['ce-id'] ?? '';
    const contents: Buffer[] = [];
    for (const { index, bytes, sha256 } of itemsOf(event)) {
      const answer = await this.#call(`${this.#url.replace(/\/$/u, '')}${contentPath(id, index)}`, { method: 'GET' });
      if ('found' in answer) return { found: `${answer.found} to content ${String(index)} of its bundle` };
      const { body } = answer;
      if (body.length !== bytes || createHash('sha256').update(body).digest('hex') !== sha256)
        return { found: `content ${String(index)} of its bundle that is not as its manifest says` };
      contents.push(body);
    }
    return { ...event, contents };
  }

  #post(url: string, json: JsonObject): Promise<HttpAnswer | Refusal> {
    return this.#call(url, { method: 'POST', json });
  }

  async #call(url: string, request: Pick<HttpRequest, 'method' | 'json'>): Promise<HttpAnswer | Refusal> {
    try {
      const answer = await call(url, { ...request, headers: {}, limitMs, mostBytes });
      return answer.status >= 200 && answer.status < 300 ? answer : { found: `the answer ${String(answer.status)}` };
    } catch (cause) {
      if (!(cause instanceof NoAnswer)) throw cause;
      if (cause.tooLarge) return { found: `an application that ${cause.message}` };
      throw new Problem('environment', `the provider application ${url} ${cause.message}`, {
        next: 'start it, and name the URL at which it gives its messages with --provider-application',
        cause,
      });
    }
  }
}

/** A request as Pact's verifier hands it to a message provider. */
function requestOf(part: PactPart, states: readonly PactState[]): JsonObject {
  const content = contentsInState(part, states);
  const contents =
    content === undefined ? {} : { contents: { content, contentType: 'application/json', encoded: false } };
  return { ...contents, metadata: part.metadata };
}

/** Headers of binary mode; and what a message provider of Pact says in its one header of metadata. */
function eventOf({ headers, body }: HttpAnswer): GivenEvent | Refusal {
  const found: Record<string, string> = {};
  const proxied = headers.get('pact-message-metadata');
  if (proxied !== null) {
    const metadata = metadataIn(proxied);
    if (metadata === undefined) return { found: 'a header Pact-Message-Metadata that is no JSON in base64' };
    for (const [key, value] of Object.entries(metadata)) {
      const header = headerOf(key);
      if (header !== undefined && (typeof value === 'string' || typeof value === 'number'))
        found[header] = String(value);
    }
  }
  for (const [name, value] of headers) {
    if (name.startsWith('ce-') || name === 'traceparent' || name === 'tracestate') found[name] = value;
  }
  const type = headers.get('content-type');
  if (type !== null) found['ce-datacontenttype'] ??= type;
  return { headers: found, body, contents: [] };
}

function metadataIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
