import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** Below the ports that systems give to outgoing connections: one that is free now is not taken by those in between. */
const first = 20_000;
const last = 31_999;

let next = randomInt(first, last + 1);

/** A port that this process may give away, until it is disposed of. */
export interface ReservedPort extends Disposable {
  readonly port: number;
}

/**
 * Reserves a free port of this machine. It is listened on only once an adapter has started, and until then other runs look for
 * ports too: each run holds a name for each of its ports, an abstract socket, which the system takes back with the process.
 */
export async function reservePort(): Promise<ReservedPort> {
  for (let tries = first; tries <= last; tries++) {
    const port = next;
    next = next === last ? first : next + 1;
    const name = await listening({ path: `\0busworthy-port-${String(port)}` });
    if (name === undefined) continue;
    const probe = await listening({ port });
    if (probe !== undefined) {
      await closed(probe);
      name.unref();
      return { port, [Symbol.dispose]: () => void name.close() };
    }
    await closed(name);
  }
  throw new RangeError(`no port from ${String(first)} to ${String(last)} is free`);
}

/** Undefined where somebody else listens there. */
async function listening(where: ListenOptions): Promise<Server | undefined> {
  const server = createServer();
  server.listen(where);
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
