import { Problem } from '../../model/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { linkOf, type HalClient } from './hal.ts';

/** Most pacts that one provider may have to verify. */
const mostPacts = 200;

/** Which pacts a broker is asked for, by the names that its API gives these things. */
export interface PactQuery {
  readonly consumerVersionSelectors?: readonly JsonObject[];
  /** Whether the broker is to say which pacts are pending. */
  readonly enablePending?: boolean;
  /** A date: pacts that no selector names, and that were published since then, come too, as pending. */
  readonly includeWipPactsSince?: string;
  readonly providerVersionBranch?: string;
}

/** A pact that a broker gave. */
export interface BrokerPact {
  /** Where it is: it stands for the file's name. */
  readonly url: string;
  readonly bytes: Uint8Array;
  /** As the broker calls it: "Pact between Foo (v1.0.0) and Bar". */
  readonly name: string;
  readonly pending: boolean;
  /** Work in progress: no selector names it. */
  readonly wip: boolean;
  /** The document with its links, to which results are published. */
  readonly document: JsonObject;
}

/** The pacts that each of these providers is to verify, each once. A provider that the broker does not know has none. */
export async function fetchPacts(
  client: HalClient,
  providers: readonly string[],
  query: PactQuery,
): Promise<readonly BrokerPact[]> {
  const index = await client.get(client.url);
  const found = new Map<string, BrokerPact>();
  for (const provider of providers) {
    const list = linkOf(index, 'pb:provider-pacts-for-verification', { provider });
    if (list === undefined) throw client.strange('has no link pb:provider-pacts-for-verification');
    const answer = await client.post(list, bodyOf(query));
    for (const entry of entriesOf(client, provider, answer)) {
      const url = linkOf(entry, 'self');
      if (url === undefined) throw client.strange('lists a pact without a link to it');
      if (!found.has(url)) found.set(url, await fetchPact(client, url, entry));
    }
  }
  return [...found.values()];
}

function bodyOf({
  consumerVersionSelectors,
  enablePending,
  includeWipPactsSince,
  providerVersionBranch,
}: PactQuery): JsonObject {
  return {
    ...(consumerVersionSelectors === undefined ? {} : { consumerVersionSelectors }),
    includePendingStatus: enablePending === true,
    ...(includeWipPactsSince === undefined ? {} : { includeWipPactsSince }),
    ...(providerVersionBranch === undefined ? {} : { providerVersionBranch }),
  };
}

function entriesOf(client: HalClient, provider: string, answer: JsonObject | undefined): readonly JsonObject[] {
  if (answer === undefined) return [];
  const embedded = answer['_embedded'];
  const pacts = isJsonObject(embedded) ? embedded['pacts'] : undefined;
  if (!Array.isArray(pacts)) throw client.strange(`gives no list of pacts for ${provider}`);
  const entries = (pacts as readonly JsonValue[]).filter((entry) => isJsonObject(entry));
  if (entries.length <= mostPacts) return entries;
  throw new Problem(
    'environment',
    `the Pact Broker has ${String(entries.length)} pacts for ${provider}, and at most ${String(mostPacts)} are verified at once`,
    { next: 'select fewer with --consumer-version-selectors' },
  );
}

async function fetchPact(client: HalClient, url: string, entry: JsonObject): Promise<BrokerPact> {
  const document = await client.get(url);
  const properties = isJsonObject(entry['verificationProperties']) ? entry['verificationProperties'] : {};
  const links = isJsonObject(entry['_links']) ? entry['_links'] : {};
  const name = isJsonObject(links['self']) ? links['self']['name'] : undefined;
  const wip = properties['wip'] === true;
  return {
    url,
    bytes: Buffer.from(JSON.stringify(document, null, 1)),
    name: typeof name === 'string' ? name : url,
    // What is in progress is pending, whether or not it says so.
    pending: properties['pending'] === true || wip,
    wip,
    document,
  };
}
