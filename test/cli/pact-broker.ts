import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pact as a consumer published it. */
export interface Published {
  readonly pact: Record<string, unknown>;
  readonly consumerVersion: string;
  readonly branch: string;
  /** That some version of the provider has verified it. */
  readonly verified?: boolean;
}

/** A verification that was published, as it was posted. */
export interface Verification {
  readonly consumerVersion: string;
  readonly body: {
    readonly success: boolean;
    readonly providerApplicationVersion: string;
    readonly buildUrl?: string;
    readonly testResults: readonly {
      readonly interactionId?: string;
      readonly interactionDescription: string;
      readonly success: boolean;
      readonly mismatches?: readonly object[];
    }[];
    readonly verifiedBy: object;
  };
}

interface Query {
  readonly consumerVersionSelectors?: readonly { readonly branch?: string; readonly mainBranch?: boolean }[];
  readonly includePendingStatus?: boolean;
  readonly includeWipPactsSince?: string;
  readonly providerVersionBranch?: string;
}

const nameIn = (pact: Record<string, unknown>, role: 'consumer' | 'provider'): string =>
  (pact[role] as { readonly name: string }).name;

/** A Pact Broker on loopback, with what of its documented API a verification needs, and its rules for what it is sent. */
export class PactBroker implements AsyncDisposable {
  readonly verifications: Verification[] = [];
  readonly queries: Query[] = [];
  /** `<provider> <branch> <version>` of each provider's version that was put on a branch. */
  readonly branches: string[] = [];
  /** Every Authorization header that came. */
  readonly askedBy = new Set<string | undefined>();
  readonly #published: readonly Published[];
  readonly #authorization: string | undefined;
  readonly #server: Server;

  private constructor(published: readonly Published[], authorization: string | undefined) {
    this.#published = published;
    this.#authorization = authorization;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#answer(request, Buffer.concat(chunks).toString('utf8'), response));
    });
  }

  /** @param authorization the header that it asks for; none where it asks for none */
  static async start(published: readonly Published[], authorization?: string): Promise<PactBroker> {
    const broker = new PactBroker(published, authorization);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, text: string, response: ServerResponse): void {
    const { authorization } = request.headers;
    this.askedBy.add(authorization);
    const give = (status: number, json: object): void =>
      void response
        .writeHead(status, { 'content-type': 'application/hal+json;charset=utf-8' })
        .end(JSON.stringify(json));
    if (this.#authorization !== undefined && authorization !== this.#authorization) {
      give(401, { error: { message: `who is ${String(authorization)}?` } });
      return;
    }
    const path = (request.url ?? '').split('/').slice(1).map(decodeURIComponent);
    const { url } = this;
    if (request.method === 'GET' && path[0] === '') {
      const href = `${url}/pacts/provider/{provider}/for-verification`;
      give(200, { _links: { 'pb:provider-pacts-for-verification': { href, templated: true } } });
    } else if (request.method === 'POST' && path[3] === 'for-verification') {
      this.#list(path[2] ?? '', JSON.parse(text) as Query, give);
    } else if (request.method === 'GET' && path[0] === 'pacticipants') {
      const href = `${url}/pacticipants/${encodeURIComponent(path[1] ?? '')}/branches/{branch}/versions/{version}`;
      give(200, { name: path[1], _links: { 'pb:branch-version': { href, templated: true } } });
    } else if (request.method === 'PUT' && path[0] === 'pacticipants' && path[2] === 'branches') {
      this.branches.push(`${path[1] ?? ''} ${path[3] ?? ''} ${path[5] ?? ''}`);
      give(201, {});
    } else {
      this.#ofPact(request.method ?? '', path, text, give);
    }
  }

  #list(provider: string, query: Query, give: (status: number, json: object) => void): void {
    const own = this.#published.filter(({ pact }) => nameIn(pact, 'provider') === provider);
    if (own.length === 0) {
      give(404, { error: 'No provider with that name' });
      return;
    }
    this.queries.push(query);
    const unknown = query.consumerVersionSelectors?.find(
      (selector) => 'mainBranch' in selector && !selector.mainBranch,
    );
    if (unknown !== undefined) {
      give(400, { errors: { consumerVersionSelectors: ['mainBranch must be one of: true'] } });
      return;
    }
    const named = (branch: string): boolean =>
      query.consumerVersionSelectors?.some(
        (selector) => selector.branch === branch || (selector.mainBranch === true && branch === 'main'),
      ) ?? true;
    const selected = own.filter(({ branch }) => named(branch));
    const wip = query.includeWipPactsSince === undefined ? [] : own.filter((each) => !named(each.branch));
    const entry = (each: Published, isWip: boolean): object => ({
      shortDescription: `latest from branch ${each.branch}`,
      verificationProperties: {
        ...(query.includePendingStatus === true ? { pending: each.verified !== true } : {}),
        ...(isWip ? { wip: true } : {}),
        notices: [{ when: 'before_verification', text: 'The pact is being verified' }],
      },
      _links: {
        self: {
          href: this.#urlOf(each),
          name: `Pact between ${nameIn(each.pact, 'consumer')} (${each.consumerVersion}) and ${provider}`,
        },
      },
    });
    give(200, {
      _embedded: { pacts: [...selected.map((each) => entry(each, false)), ...wip.map((each) => entry(each, true))] },
    });
  }

  #urlOf({ pact, consumerVersion }: Published): string {
    const [provider, consumer] = [nameIn(pact, 'provider'), nameIn(pact, 'consumer')].map(encodeURIComponent);
    return `${this.url}/pacts/provider/${provider ?? ''}/consumer/${consumer ?? ''}/version/${consumerVersion}`;
  }

  #ofPact(method: string, path: readonly string[], text: string, give: (status: number, json: object) => void): void {
    const found = this.#published.find(
      ({ pact, consumerVersion }) =>
        nameIn(pact, 'provider') === path[2] && nameIn(pact, 'consumer') === path[4] && consumerVersion === path[6],
    );
    if (found === undefined) {
      give(404, {});
    } else if (method === 'GET') {
      const interactions = found.pact['interactions'] as readonly object[];
      const numbered = interactions.map((each) => ({
        _id: createHash('sha1').update(JSON.stringify(each)).digest('hex'),
        ...each,
      }));
      const self = this.#urlOf(found);
      give(200, {
        ...found.pact,
        interactions: numbered,
        _links: {
          self: { href: self },
          'pb:provider': { href: `${this.url}/pacticipants/${nameIn(found.pact, 'provider')}` },
          'pb:publish-verification-results': { href: `${self}/verification-results` },
        },
      });
    } else {
      const body = JSON.parse(text) as Verification['body'];
      const isWhole = typeof body.success === 'boolean' && /\S/u.test(body.providerApplicationVersion);
      if (isWhole) this.verifications.push({ consumerVersion: found.consumerVersion, body });
      give(isWhole ? 201 : 400, isWhole ? body : { errors: { success: ['is missing'] } });
    }
  }
}
