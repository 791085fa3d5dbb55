import { enableCompileCache } from 'node:module';

// Types are stripped once, and not at every start.
enableCompileCache();

const { runReferenceAdapter } = await import('./run.ts');
await runReferenceAdapter();
