import { Problem } from '../../model/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { call, NoAnswer, type HttpAnswer } from '../http.ts';

/** Longest time for one answer, and most bytes of it. */
const limitMs = 20_000;
const mostBytes = 16 * 1024 * 1024;

/** Most characters of what a broker says of a request that it refuses. */
const mostSaid = 300;

/** How the broker is told who asks: a bearer token, or a user. */
export interface Credentials {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
}

/** A Pact Broker, spoken to in HAL. Every trouble is a Problem that says what to do, and holds no secret. */
export class HalClient {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  readonly #signal: AbortSignal;

  /**
   * @param url of the broker, where its index is
   * @param signal ends whatever is being asked
   */
  constructor(url: string, { token, username, password }: Credentials, signal: AbortSignal) {
    this.#signal = signal;
    this.url = url.replace(/\/+$/, '');
    const basic = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
    const authorization =
      token !== undefined ? `Bearer ${token}` : username !== undefined ? `Basic ${basic}` : undefined;
    this.#headers = { accept: 'application/hal+json, application/json', ...(authorization && { authorization }) };
    this.#secrets = [token, password, basic].filter((secret) => secret !== undefined && secret !== '') as string[];
  }

  async get(url: string): Promise<JsonObject> {
    return this.#document(url, await this.#call(url, 'GET'));
  }

  /** The document in answer; undefined where the broker has no such thing (404). */
  async post(url: string, json: JsonObject): Promise<JsonObject | undefined> {
    const answer = await this.#call(url, 'POST', json, [404]);
    return answer.status === 404 ? undefined : this.#document(url, answer);
  }

  async put(url: string, json: JsonObject): Promise<void> {
    await this.#call(url, 'PUT', json);
  }

  async #call(
    url: string,
    method: 'GET' | 'POST' | 'PUT',
    json?: JsonObject,
    expected: readonly number[] = [],
  ): Promise<HttpAnswer> {
    this.#requireOwn(url);
    const answer = await this.#try(url, method, json);
    if ((answer.status >= 200 && answer.status < 300) || expected.includes(answer.status)) return answer;
    if (answer.status === 401 || answer.status === 403) {
      throw new Problem('environment', `the Pact Broker ${this.url} refuses who asks (${String(answer.status)})`, {
        next: 'set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, to those of somebody who may do this',
      });
    }
    throw new Problem(
      'environment',
      `the Pact Broker ${this.url} answers ${method} ${this.#pathOf(url)} with ${String(answer.status)}${this.#saidIn(answer)}`,
      { next: this.#nextOf(answer.status) },
    );
  }

  async #try(url: string, method: 'GET' | 'POST' | 'PUT', json: JsonObject | undefined): Promise<HttpAnswer> {
    try {
      return await call(url, { method, headers: this.#headers, json, limitMs, mostBytes, signal: this.#signal });
    } catch (cause) {
      if (!(cause instanceof NoAnswer)) throw cause;
      throw new Problem('environment', `the Pact Broker ${this.url} ${this.#withoutSecrets(cause.message)}`, {
        next: 'see that it runs, and that PACT_BROKER_BASE_URL or --pact-broker-url names it; without one the pacts are files',
      });
    }
  }

  /** Who asks is told to nobody else. */
  #requireOwn(url: string): void {
    if (URL.parse(url)?.origin === new URL(this.url).origin) return;
    throw new Problem('environment', `the Pact Broker ${this.url} names a link to another place: ${printable(url)}`, {
      next: 'name the broker by the URL that it gives itself (its own PACT_BROKER_BASE_URL)',
    });
  }

  #document(url: string, { body }: HttpAnswer): JsonObject {
    const value = parsed(body);
    if (isJsonObject(value)) return value;
    throw this.strange(`gives no JSON document at ${this.#pathOf(url)}`);
  }

  /** It answers what no Pact Broker does. */
  strange(what: string): Problem {
    return new Problem('environment', `${this.url} is no Pact Broker that is known here: it ${what}`, {
      next: 'name the URL at which the broker has its index',
    });
  }

  #nextOf(status: number): string {
    if (status >= 500) return 'see its log, and run this again';
    if (status >= 300 && status < 400) return 'name the URL to which it sends: no redirect is followed';
    return status === 404 ? 'name the URL at which the broker has its index' : 'correct the option that it speaks of';
  }

  #pathOf(url: string): string {
    return printable(URL.parse(url)?.pathname ?? '');
  }

  /** What a broker says of a request that it does not like, if it says it as one does. */
  #saidIn({ body }: HttpAnswer): string {
    const value = parsed(body);
    const said = isJsonObject(value) ? (value['errors'] ?? value['error'] ?? value['message']) : undefined;
    if (said === undefined) return '';
    const text = printable(this.#withoutSecrets(typeof said === 'string' ? said : JSON.stringify(said)));
    return `: ${text.length > mostSaid ? `${text.slice(0, mostSaid)}…` : text}`;
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }
}

function parsed(body: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
}

const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

/** The address of a link of a document, its parameters filled in; undefined where it has no such link. */
export function linkOf(
  document: JsonObject,
  relation: string,
  params: Readonly<Record<string, string>> = {},
): string | undefined {
  const links = document['_links'];
  const link = isJsonObject(links) ? links[relation] : undefined;
  const href = isJsonObject(link) ? link['href'] : undefined;
  if (typeof href !== 'string') return undefined;
  return href.replaceAll(/\{(\w+)\}/gu, (whole, name: string) =>
    params[name] === undefined ? whole : encodeURIComponent(params[name]),
  );
}
