/** Starts the adapter: see README.md, and ADAPTERS.md for the rules (L1, S3, …) that the comments name. */

import { live } from './adapter/life.ts';

await live();
