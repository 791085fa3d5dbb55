import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: one that is free now is not taken by those in between. */
const first = 20_000;
const last = 31_999;

let next = randomInt(first, last + 1);

/** A free port of this machine, another one at each call. */
export async function freePort(): Promise<number> {
  for (let tries = first; tries <= last; tries++) {
    const port = next;
    next = next === last ? first : next + 1;
    if (await isFree(port)) return port;
  }
  throw new RangeError(`no port from ${String(first)} to ${String(last)} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
