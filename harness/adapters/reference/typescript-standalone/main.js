/** Starts the adapter: see README.md, and ADAPTERS.md for the rules (L1, S3, …) that the comments name. */

import { enableCompileCache } from 'node:module';

enableCompileCache(); // types are stripped once, and not at every start: so this file has none

const { live } = await import('./adapter/life.ts');
await live();
