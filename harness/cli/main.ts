#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../bus/runtime/binary/cache-folder.ts';
import { Problem } from '../model/errors.ts';
import { report } from './trouble.ts';

const args = process.argv.slice(2);
const verbose = args.includes('--verbose');

// What ends before a command has said how it went, however that comes about, is no green.
process.exitCode = 4;
process.on('uncaughtException', (cause) => {
  process.exit(report(cause, verbose));
});
// A reader that has had enough, such as `head`, changes no verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') return;
    const next = 'make room where it goes, or send it somewhere else';
    process.exit(
      report(new Problem('environment', `the output cannot be written: ${cause.message}`, { next, cause }), verbose),
    );
  });
}
// Types are stripped from hundreds of files once, and not at every start.
enableCompileCache(join(cacheFolder(), 'compiled'));

const { program } = await import('./program.ts');
const code = await program(args);
await Promise.all([process.stdout, process.stderr].map(flushed));
// Not left to the event loop: a socket that a library forgot would keep the shell waiting.
process.exit(code);

/** Resolves once all that was written is out, or cannot be: the stream's error says why. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}
