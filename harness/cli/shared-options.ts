import { Option, type Command } from 'commander';
import { defaultContracts, defaultOut, defaultShrinkSeconds, defaultTimeScale } from './defaults.ts';
import { date, gathered, httpUrl, integer, list, positive, scale, seconds, selectors } from './values.ts';

/** Who stands at the ends of the services. */
export function adapterOptions(to: Command): Command {
  return to
    .option(
      '--adapter <file>',
      'put the adapter of an adapter.yaml, or of the folder with it, at its end of its service; once for each',
      gathered,
    )
    .option('--through-adapters', 'put the reference adapter, a process each, at every end that no other has');
}

/** What a run is told, whoever asks for it. */
export function runOptions(
  to: Command,
  selecting: readonly ('scenario' | 'clause')[] = ['scenario', 'clause'],
  shrinkSeconds = defaultShrinkSeconds,
): Command {
  if (selecting.includes('scenario')) to.option('--scenario <names>', 'only these scenarios, comma-separated', list);
  if (selecting.includes('clause'))
    to.option('--clause <ids>', 'only what decides these clauses, comma-separated', list);
  return busOptions(
    to
      .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
      .option('--seed <n>', 'seed of everything random; default a new one, which is printed', integer)
      .option('--profile <name>', 'profile that the run claims, from profiles.yaml', 'core')
      .option('--flow <ids>', 'only these flows, comma-separated: service/channel', list)
      .option(
        '--time-scale <factor>',
        'shorten declared durations by this factor; 1 runs them as declared',
        scale,
        defaultTimeScale,
      )
      .option('--width <n>', 'trials that run side by side', positive)
      .option('--relay', 'watch the wire of adapters under load too, where that costs the harness its own time')
      .option('--no-relay', 'watch no wire: what only a relay sees or does is not tested')
      .option(
        '--pact <file>',
        'verify this pact in place of those in the service’s folder, or of a broker; once for each',
        gathered,
      )
      .option(
        '--provider-application <url>',
        'ask a real provider application for the message of each interaction, in place of drawing them from the contract',
        httpUrl,
      )
      .option(
        '--provider-states-setup-url <url>',
        'have the provider application set up each provider state there first, as Pact’s verifier does',
        httpUrl,
      )
      .option('--out <folder>', 'folder in which the run gets a folder of its own', defaultOut)
      .option(
        '--shrink <seconds>',
        'where a clause fails, look so long for the smallest workload that shows it; 0 for not at all',
        seconds,
        shrinkSeconds,
      )
      .option('--json', 'print run.json to standard output; progress goes to standard error'),
  );
}

/** A Pact Broker, by the names that Pact's own library has for these options. */
export function brokerOptions(to: Command): Command {
  return to
    .addOption(
      new Option('--pact-broker-url <url>', 'verify the pacts of a Pact Broker in place of files')
        .env('PACT_BROKER_BASE_URL')
        .argParser(httpUrl),
    )
    .option('--consumer-version-selectors <json>', 'which pacts the broker gives; default its latest ones', selectors)
    .option('--enable-pending', 'have the broker say which pacts are pending')
    .option('--include-wip-pacts-since <date>', 'also the pacts that no selector names, as pending', date)
    .option('--provider-version <version>', 'version of the provider that is verified')
    .option('--provider-version-branch <name>', 'branch of the provider that is verified')
    .option(
      '--publish-verification-result',
      'tell the broker what was found of each pact (env: PACT_BROKER_PUBLISH_VERIFICATION_RESULTS)',
    )
    .option('--build-url <url>', 'page of the build that published results link to', httpUrl);
}

export function busOptions(to: Command): Command {
  return to
    .addOption(new Option('--bus <bus>', 'process, container, or the URL of a bus of yours').default('process'))
    .option('--nats-server <path>', 'nats-server binary to use; default: the path, the cache, else fetched')
    .option('--creds <file>', 'credentials for a bus of yours')
    .option('--ca <file>', 'PEM file of the authority of a tls:// bus of yours');
}
