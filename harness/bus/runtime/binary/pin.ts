import type { Version } from '../version.ts';

/** The server's version that is fetched where the source lets us choose, and that the documents were tried on. */
export const pinnedVersion: Version = [2, 15, 2];
