/** In place of what was wrong with an instance's end: it was given by its URL, and goes on. */
export const leftRunning = 'not told to end';

/** What the port gives an adapter from SIGTERM to its end, in milliseconds. */
export const endWithinMs = 10_000;

/** At the end of why an instance failed that ended by itself. */
export const unasked = 'and nobody had asked it to';
