import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import { reservePort } from '../../../harness/adapters/launch/ports.ts';

const module = new URL('../../../harness/adapters/launch/ports.ts', import.meta.url).href;

describe('a reserved port', () => {
  it('is not given away by another process, though nobody listens on it yet, until it is let go', async () => {
    const held = await reservePort();
    // The other one begins to look at this very port.
    const script = `
      import crypto from 'node:crypto';
      import { syncBuiltinESMExports } from 'node:module';
      crypto.randomInt = () => ${String(held.port)};
      syncBuiltinESMExports();
      const { reservePort } = await import(${JSON.stringify(module)});
      console.log((await reservePort()).port);`;
    const other = async (): Promise<number> => {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
      return Number(stdout);
    };
    expect(await other()).toBeGreaterThan(held.port);
    held[Symbol.dispose]();
    expect(await other()).toBe(held.port);
  });

  it('is one on which nobody listens', async () => {
    const before = await reservePort();
    before[Symbol.dispose]();
    const taken = createServer();
    // Where somebody else listens there already, all the better.
    await new Promise<void>((resolve) => taken.once('error', () => resolve()).listen(before.port + 1, resolve));
    try {
      using after = await reservePort();
      expect(after.port).not.toBe(before.port + 1);
    } finally {
      taken.close();
    }
  });
});
