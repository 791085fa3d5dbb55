import { Command, CommanderError } from 'commander';
import { defaultContracts, exploreShrinkSeconds, version } from './defaults.ts';
import { adapterOptions, brokerOptions, busOptions, runOptions } from './shared-options.ts';
import { report } from './trouble.ts';
import { httpUrl, integer, port, positive, scale, seconds } from './values.ts';
import { Problem } from '../model/errors.ts';

const troubleCodes = `
  3    the command line, a contract document or a journal is wrong
  4    the environment or the harness is in trouble`;

const exitCodes = `
Exit codes:
  0    every MUST clause of the profile passes
  1    one fails
  2    one is inconclusive or was not tested${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`;

/** Runs one command line, and gives the exit code. Commands are loaded when they are called: help comes at once. */
export async function program(args: readonly string[]): Promise<number> {
  let code = 0;
  const command = build((result) => {
    code = result;
  });
  try {
    await command.parseAsync(args, { from: 'user' });
    return code;
  } catch (cause) {
    // help and version, asked for (0) or for want of a command
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 3;
    return report(cause, args.includes('--verbose'));
  }
}

function build(done: (code: number) => void): Command {
  const busworthy = new Command('busworthy')
    .description(
      'Proves that a service is fit to travel on the bus: runs its contracts and scenarios across a NATS reference bus, and reports.',
    )
    .version(version, '-V, --version')
    .exitOverride(usageOf('busworthy'))
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Examples:
  busworthy run                                   all six services on a bus of their own
  busworthy run incident-lifecycle --seed 7       one service, a seed of your own
  busworthy run --scenario duplicates --clause DUP-2
  busworthy judge reports/out/latest/journal.bwj  the same verdicts again, without a bus
  busworthy explain ORD-1
${exitCodes}`,
    );

  brokerOptions(
    runOptions(
      adapterOptions(
        command(
          busworthy,
          'run',
          'run the scenarios of services on the bus, judge them and write the reports',
        ).argument('[services...]', 'services to run, by folder; default all of them'),
      ),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy run
  busworthy run custody-task anpr-hit --profile core
  busworthy run --scenario crash,restart-subscriber --flow custody-task/tasks --seed 42
  busworthy run --adapter adapter.yaml
  busworthy run --bus container
  busworthy run --bus nats://bus.example:4222 --creds me.creds
${exitCodes}`,
    )
    .action(async (services: string[], options: object) => {
      const { runCommand } = await import('./run.ts');
      done(await runCommand(services, options as Parameters<typeof runCommand>[1]));
    });

  command(busworthy, 'judge', 'judge a journal again, without a bus')
    .argument('<journal>', 'a journal that a run has written: reports/out/<run>/journal.bwj')
    .option('--out <folder>', 'write the reports there as well')
    .option('--deep', 'also rebuild from the seed what was sent, and compare it with the journal')
    .option('--json', 'print run.json to standard output')
    .addHelpText(
      'after',
      `
Examples:
  busworthy judge reports/out/latest/journal.bwj
  busworthy judge journal.bwj --out report
${exitCodes}`,
    )
    .action(async (journal: string, options: object) => {
      const { judgeCommand } = await import('./judge.ts');
      done(await judgeCommand(journal, options));
    });

  runOptions(
    adapterOptions(
      command(
        busworthy,
        'explore',
        'perform workloads by chance on every flow, and shrink the first that breaks a clause',
      )
        .argument('[services...]', 'services to explore, by folder; default all of them')
        .option('--runs <n>', 'workloads for each flow', positive, 20)
        .option('--seconds <n>', 'begin no workload after so many seconds', seconds, 60)
        .option('--from <n>', 'number of the first workload of each flow: a later one again, alone', positive, 1)
        .option('--defect <name>', 'break the harness’s own adapters or bus by a defect of the bank, to see it found'),
    ),
    [],
    exploreShrinkSeconds,
  )
    .addHelpText(
      'after',
      `
A workload is drawn from the seed: messages, keys, sizes, duplicates, broken ones, what the applications
answer, crashes and restarts. It claims nothing; whatever clause it breaks is broken.

Examples:
  busworthy explore
  busworthy explore custody-task --runs 200 --seconds 30 --seed 7
  busworthy explore --adapter adapter.yaml
  busworthy explore --defect acknowledges-before-effect

Exit codes:
  0    no workload breaks a MUST clause of the profile
  1    one does
  2    of a flow every workload was inconclusive, or none was performed${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (services: string[], options: object) => {
      const { exploreCommand } = await import('./explore.ts');
      done(await exploreCommand(services, options as Parameters<typeof exploreCommand>[1]));
    });

  busOptions(
    adapterOptions(
      command(busworthy, 'replay', 'perform a counterexample again: the smallest workload under which a clause failed')
        .argument('<file>', 'a counterexample that a run has written: reports/out/<run>/counterexample-….json')
        .option('--times <n>', 'how often', positive, 1)
        .option('--force', 'perform it on other contracts than those that it was found with')
        .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
        .option('--json', 'print the result as JSON to standard output')
        .option('--provider-application <url>', 'the real provider application that it was found with', httpUrl)
        .option('--provider-states-setup-url <url>', 'where that sets up its provider states', httpUrl),
    ),
  )
    .addHelpText(
      'after',
      `
The adapters that it was found with are taken, unless others are named.

Examples:
  busworthy replay reports/out/latest/counterexample-DEL-3-custody-task-tasks.json
  busworthy replay counterexample.json --times 20
  busworthy replay counterexample.json --adapter adapter.yaml

Exit codes:
  0    the clause holds, every time
  1    it fails
  2    it does not fail, and whether it holds cannot be said${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (file: string, options: object) => {
      const { replayCommand } = await import('./replay.ts');
      done(await replayCommand(file, options as Parameters<typeof replayCommand>[1]));
    });

  busOptions(
    command(
      busworthy,
      'calibrate',
      'break the reference adapters and the bus on purpose, and see that each defect is caught',
    )
      .argument('[defects...]', 'defects to try, by name; default all of them')
      .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
      .option('--seed <n>', 'seed of everything random', integer)
      .option('--width <n>', 'trials that run side by side', positive)
      .option('--through-adapters', 'only the defects of adapters, as programs behind the application port')
      .option('--record', 'keep the result of the whole bank as that of this version, which every run tells')
      .option(
        '--sample <n>',
        'beside those that only a program shows, so many of the defects, drawn by the seed',
        positive,
      )
      .option('--list', 'list the defects and end')
      .option('--json', 'print the results as JSON to standard output'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy calibrate
  busworthy calibrate acknowledges-before-effect --seed 3
  busworthy calibrate --record
  busworthy calibrate --through-adapters --sample 12
  busworthy calibrate --list

Exit codes:
  0    every defect is caught by the clause that it names, and every healthy run is green
  1    one is not${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (defects: string[], options: object) => {
      const { calibrateCommand } = await import('./calibrate.ts');
      done(await calibrateCommand(defects, options as Parameters<typeof calibrateCommand>[1]));
    });

  const contracts = group(busworthy, 'contracts', 'work with contract documents', 'busworthy contracts check');
  command(contracts, 'check', 'check contract documents: AsyncAPI, x-flow, x-rules, schemas, examples, the catalogues')
    .argument('[services...]', 'services to check, by folder; default all of them')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .option('--json', 'print the result as JSON to standard output')
    .addHelpText(
      'after',
      `
Examples:
  busworthy contracts check
  busworthy contracts check incident-lifecycle
  busworthy contracts check --contracts ../our-contracts --json

Exit codes:
  0    every document is sound${troubleCodes}`,
    )
    .action(async (services: string[], options: object) => {
      const { contractsCheckCommand } = await import('./contracts-check.ts');
      done(await contractsCheckCommand(services, options as Parameters<typeof contractsCheckCommand>[1]));
    });

  const adapter = group(
    busworthy,
    'adapter',
    'work with an adapter under test',
    'busworthy adapter check adapter.yaml',
  );
  runOptions(
    command(adapter, 'check', 'check an adapter: whether it can be spoken to at all, then every clause of its roles')
      .argument('<file>', 'adapter.yaml: whose adapter it is, and how it is started')
      .option('--watch', 'check again whenever a file beside adapter.yaml changes'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy adapter check adapter.yaml
  busworthy adapter check adapter.yaml --watch
  busworthy adapter check adapter.yaml --scenario retried --seed 7
${exitCodes}`,
    )
    .action(async (file: string, options: object) => {
      const { adapterCheckCommand } = await import('./adapter-check.ts');
      done(await adapterCheckCommand(file, options as Parameters<typeof adapterCheckCommand>[1]));
    });

  command(adapter, 'init', 'write a working adapter to start from')
    .argument('<folder>', 'folder to write it to; empty, or not there yet')
    .option('--language <name>', 'go, java, python or typescript')
    .option('--service <name>', 'service that it is for, by folder; default custody-task')
    .option('--application <name>', 'application of the service that it stands for; default forensic')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .addHelpText(
      'after',
      `
Examples:
  busworthy adapter init --language python my-adapter
  busworthy adapter init --language go --service incident-lifecycle --application mobile ../mobile-adapter

Exit codes:
  0    the folder is there${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (folder: string, options: object) => {
      const { adapterInitCommand } = await import('./adapter-init.ts');
      done(await adapterInitCommand(folder, options as Parameters<typeof adapterInitCommand>[1]));
    });

  const pact = group(
    busworthy,
    'pact',
    'contracts that consumers have with providers',
    'busworthy pact verify incident-lifecycle',
  );
  brokerOptions(
    runOptions(
      adapterOptions(
        command(pact, 'verify', 'verify pacts over the bus: what providers send, and what consumers take').argument(
          '[services...]',
          'services whose pacts are verified, by folder; default all of them',
        ),
      ),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy pact verify
  busworthy pact verify incident-lifecycle --adapter adapter.yaml
  busworthy pact verify records-check --pact mobile-records-gateway.json
  busworthy pact verify incident-lifecycle --provider-application http://localhost:8080/messages
  busworthy pact verify records-check --pact-broker-url https://broker.example \\
    --consumer-version-selectors '[{"mainBranch":true},{"deployedOrReleased":true}]' \\
    --provider-version-branch main --enable-pending --publish-verification-result --provider-version 4f2a1c

Pacts are files unless a Pact Broker is named. Who asks it stands in the environment: PACT_BROKER_TOKEN, or
PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD. Pending pacts are judged, told, and never counted.
${exitCodes}`,
    )
    .action(async (services: string[], options: object) => {
      const { pactVerifyCommand } = await import('./pact-verify.ts');
      done(await pactVerifyCommand(services, options as Parameters<typeof pactVerifyCommand>[1]));
    });

  const bus = group(busworthy, 'bus', 'the reference bus on its own', 'busworthy bus up incident-lifecycle');
  busOptions(
    command(bus, 'up', 'start the bus of a service with its streams and users, until Ctrl-C')
      .argument('<service>', 'service to start it for, by folder')
      .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
      .option('--port <n>', 'port for clients; default a free one', port)
      .option('--time-scale <factor>', 'shorten declared durations by this factor', scale, 1)
      .option('--json', 'print address and credentials as JSON'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy bus up incident-lifecycle
  busworthy bus up custody-task --port 4222 --bus container

Exit codes:
  0    ended by Ctrl-C, SIGTERM or SIGHUP once it was up: nothing is left behind${troubleCodes}
  130  ended so before it was up`,
    )
    .action(async (service: string, options: object) => {
      const { busUpCommand } = await import('./bus-up.ts');
      done(await busUpCommand(service, options as Parameters<typeof busUpCommand>[1]));
    });

  command(busworthy, 'explain', 'explain a clause: what it asks, why, and how it is tested')
    .argument('[clause]', 'a clause such as ORD-1; default lists them all')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  busworthy explain
  busworthy explain DLQ-4

Exit codes:
  0    explained${troubleCodes}`,
    )
    .action(async (clause: string | undefined, options: object) => {
      const { explainCommand } = await import('./explain.ts');
      done(await explainCommand(clause, options as Parameters<typeof explainCommand>[1]));
    });
  return busworthy;
}

/** A command that only holds others. */
function group(parent: Command, name: string, description: string, example: string): Command {
  return parent
    .command(name)
    .description(description)
    .exitOverride(usageOf(`busworthy ${name}`))
    .addHelpText('after', `\nExample:\n  ${example}\n\nExit codes: those of its commands.`);
}

function command(parent: Command, name: string, description: string): Command {
  const path = parent.name() === 'busworthy' ? `busworthy ${name}` : `busworthy ${parent.name()} ${name}`;
  return parent
    .command(name)
    .description(description)
    .option('--verbose', 'show stack traces')
    .exitOverride(usageOf(path));
}

/** The library's errors as usage problems of the command; the end of a help page goes on as it is. */
function usageOf(path: string): (error: CommanderError) => void {
  return (error) => {
    if (error.code === 'commander.help' || error.exitCode === 0) throw error;
    const what = error.message.replace(/^error: /, '').replace(/\s*\n\((Did you mean .*)\)/, '. $1');
    throw new Problem('usage', `${path}: ${what}`, { next: `${path} --help`, cause: error });
  };
}
