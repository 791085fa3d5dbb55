#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../bus/runtime/binary/cache-folder.ts';
import { report } from './trouble.ts';

const args = process.argv.slice(2);

// What ends before a command has said how it went, however that comes about, is no green.
process.exitCode = 4;
process.on('uncaughtException', (cause) => {
  process.exit(report(cause, args.includes('--verbose')));
});
// A reader that has had enough, such as `head`, changes no verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
  });
}
// Types are stripped from hundreds of files once, and not at every start.
enableCompileCache(join(cacheFolder(), 'compiled'));

const { program } = await import('./program.ts');
process.exitCode = await program(args);
