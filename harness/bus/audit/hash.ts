import { createHash } from 'node:crypto';

/** What the next record of the chain names: SHA-256 of a record's text, in hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
