import { createServer } from 'node:net';

/** Free ports of this machine. Another program may take one before it is used: the caller tries again. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  return Promise.all(
    servers.map(async ({ server, port }) => {
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}

function listenAnywhere(): Promise<{ server: ReturnType<typeof createServer>; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve({ server, port: address.port });
    });
  });
}
