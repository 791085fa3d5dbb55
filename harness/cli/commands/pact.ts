import type { Command } from 'commander';
import { adapterOptions, brokerOptions, runOptions } from '../shared-options.ts';
import { command, exitCodes, group, type Done } from './command.ts';

export function pactSyntax(busworthy: Command, done: Done): void {
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
      const { pactVerifyCommand } = await import('../pact-verify.ts');
      done(await pactVerifyCommand(services, options as Parameters<typeof pactVerifyCommand>[1]));
    });
}
