/** A harness that starts a bus, tells so, and stays until it is ended. Argument: how it is to end by itself, if at all. */
import { connect } from '@nats-io/transport-node';

import { startContainer } from '../../../harness/bus/runtime/container.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import { admin } from '../../../harness/bus/security/spec.ts';

const [runtime, ending] = process.argv.slice(2);
const bus = runtime === 'container' ? await startContainer() : await startProcess();
const space = await bus.namespace({ users: [], requestSubjects: [] });
await space.credentialsFile(admin);
await connect(space.connectionOptions(admin));
process.stdout.write(`${bus.url}\n`);
if (ending === 'throws') throw new Error('planned');
if (ending === 'exits') process.exit(0);
setInterval(() => undefined, 60_000);
