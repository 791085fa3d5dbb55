import { withPactsOf } from '../contracts/index.ts';
import { Problem, Problems } from '../model/errors.ts';
import { providersOf, type Service } from '../model/flow.ts';
import type { JsonObject } from '../model/json.ts';
import type { Run } from '../model/run.ts';
import { fetchPacts, type BrokerPact } from '../pact/broker/fetch-pacts.ts';
import { HalClient, type Credentials } from '../pact/broker/hal.ts';
import { publishResult } from '../pact/broker/publish-results.ts';
import type { PactMismatch } from '../pact/pact-witness.ts';
import { resultOf } from './broker-result.ts';
import { version } from './defaults.ts';
import { option } from './option.ts';

/** A Pact Broker and what it is asked, by the names that Pact's own library has for these options. */
export interface BrokerOptions {
  readonly pactBrokerUrl?: string;
  readonly consumerVersionSelectors?: readonly JsonObject[];
  readonly enablePending?: boolean;
  readonly includeWipPactsSince?: string;
  readonly providerVersion?: string;
  readonly providerVersionBranch?: string;
  readonly publishVerificationResult?: boolean;
  readonly buildUrl?: string;
}

/** The options that ask the same again; nothing is published twice. */
export function brokerCommand(options: BrokerOptions): readonly string[] {
  const { pactBrokerUrl, consumerVersionSelectors, enablePending, includeWipPactsSince, providerVersionBranch } =
    options;
  if (pactBrokerUrl === undefined) return [];
  return [
    ...option('--pact-broker-url', pactBrokerUrl),
    ...option('--consumer-version-selectors', consumerVersionSelectors && JSON.stringify(consumerVersionSelectors)),
    ...(enablePending === true ? ['--enable-pending'] : []),
    ...option('--include-wip-pacts-since', includeWipPactsSince),
    ...option('--provider-version-branch', providerVersionBranch),
  ];
}

/** Who asks: never an option, so that no process list and no report has it. */
function credentialsOf(environment: NodeJS.ProcessEnv): Credentials {
  const given = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const token = given('PACT_BROKER_TOKEN');
  const username = given('PACT_BROKER_USERNAME');
  const password = given('PACT_BROKER_PASSWORD');
  if (token !== undefined && username !== undefined) {
    throw new Problem('usage', 'both PACT_BROKER_TOKEN and PACT_BROKER_USERNAME are set', {
      next: 'unset the one that the broker does not ask for',
    });
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(username === undefined ? {} : { username, password: password ?? '' }),
  };
}

/** The pacts of a run, where they come from a Pact Broker. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #client: HalClient;
  #pacts: readonly BrokerPact[] = [];
  #services: readonly Service[] = [];

  private constructor(url: string, options: BrokerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#client = new HalClient(url, credentialsOf(process.env), signal);
  }

  /** Undefined where none is configured, or pact files are named. What of its options makes no sense is a Problem. */
  static of(given: BrokerOptions & { readonly pact?: readonly string[] }, signal: AbortSignal): Broker | undefined {
    const { pactBrokerUrl: url } = given;
    if (url === undefined || given.pact !== undefined) return undefined;
    // The library takes any value for a yes; "false" is none.
    const told = /^(1|true|yes)$/i.test(process.env['PACT_BROKER_PUBLISH_VERIFICATION_RESULTS'] ?? '');
    const options: BrokerOptions = { ...given, ...(told ? { publishVerificationResult: true } : {}) };
    const { username, password } = new URL(url);
    if (username !== '' || password !== '') {
      throw new Problem('usage', 'the URL of the Pact Broker has a user in it, which reports would show', {
        next: 'set PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD in place of it',
      });
    }
    const needs = (option: keyof BrokerOptions, other: keyof BrokerOptions, names: string, why: string): void => {
      if (options[option] === undefined || options[other] !== undefined) return;
      throw new Problem('usage', `${names.split(' ')[0] ?? ''} needs ${names.split(' ')[1] ?? ''}`, { next: why });
    };
    needs(
      'publishVerificationResult',
      'providerVersion',
      '--publish-verification-result --provider-version',
      'say which version of the provider the results are of',
    );
    needs(
      'includeWipPactsSince',
      'providerVersionBranch',
      '--include-wip-pacts-since --provider-version-branch',
      'say which branch of the provider this is: by that a broker knows what is in progress',
    );
    return new Broker(url, options, signal);
  }

  /** The services with the pacts that the broker has for their providers, in place of those of their folders. */
  async withPacts(services: readonly Service[], say: (line: string) => void): Promise<readonly Service[]> {
    const { url } = this.#client;
    const made: Service[] = [];
    for (const service of services) {
      const providers = [...new Set([...service.flows.flatMap((flow) => providersOf(flow)), service.name])];
      const pacts = await fetchPacts(this.#client, providers, this.#options);
      this.#pacts = [...this.#pacts, ...pacts];
      made.push(attached(service, pacts, say));
    }
    if (this.#pacts.length === 0) {
      const names = services.map(({ name }) => name).join(', ');
      throw new Problem('contract', `the Pact Broker ${url} has no pact for a provider of ${names} that was selected`, {
        next: 'see that its consumers publish there, under the names of x-applications, and what --consumer-version-selectors selects',
      });
    }
    this.#services = made;
    return made;
  }

  /** Publishes what was found of each pact, if that is asked for; what was not judged whole is not published. */
  async publish(run: Run, mismatches: readonly PactMismatch[], say: (line: string) => void): Promise<void> {
    const { publishVerificationResult, providerVersion, providerVersionBranch, buildUrl } = this.#options;
    if (publishVerificationResult !== true || providerVersion === undefined) return;
    for (const pact of this.#pacts) {
      const result = resultOf(run, this.#services, pact.url, mismatches);
      if (result === undefined) {
        say(`not published: ${pact.name}: what it asks for was not all judged`);
        continue;
      }
      await publishResult(this.#client, pact, {
        ...result,
        providerVersion,
        verifier: version,
        ...(providerVersionBranch === undefined ? {} : { providerVersionBranch }),
        ...(buildUrl === undefined ? {} : { buildUrl }),
      });
      say(`published: ${pact.name}: ${result.success ? 'success' : 'failure'}, of version ${providerVersion}`);
    }
  }
}

/** A pending pact that cannot be read or resolved breaks nobody's build: it is left out, and said. */
function attached(service: Service, pacts: readonly BrokerPact[], say: (line: string) => void): Service {
  const without = { ...service, flows: service.flows.map(({ pacts: _pacts, ...flow }) => flow) };
  const files = pacts.map(({ url, bytes, pending }) => ({ file: url, bytes, pending }));
  const kept = files.filter((file, at) => {
    const { name, wip, pending } = pacts[at] ?? { name: file.file, wip: false, pending: false };
    say(`pact: ${name}${wip ? ' (work in progress)' : pending ? ' (pending)' : ''}`);
    if (!pending) return true;
    try {
      withPactsOf(without, [file]);
      return true;
    } catch (cause) {
      if (!(cause instanceof Problem || cause instanceof Problems)) throw cause;
      const why = cause instanceof Problems ? cause.problems.map(({ message }) => message).join('; ') : cause.message;
      say(`  left out: ${why}`);
      return false;
    }
  });
  return withPactsOf(without, kept);
}
