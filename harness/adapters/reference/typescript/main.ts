import { runReferenceAdapter } from './run.ts';

await runReferenceAdapter();
