/** Largest body of an event that is read, in bytes. x-flow.maxBytes is at most 1 MiB: what is a little too large is still measured. */
export const maxEventBytes = 4 * 1024 ** 2;
/** Largest sum of a message's header lines, in bytes. */
export const maxHeaderBytes = 32 * 1024;
/** Connections that a server keeps at once. */
export const maxConnections = 1024;
/** How long the headers of a request may take. */
export const headersMs = 10_000;
/** How long a sender may pause within a body. */
export const pauseMs = 30_000;
/** How long what is left of a body that nobody wants is thrown away, so that its sender reads the answer. */
export const lingerMs = 500;
/** How long a connection stays open between two requests: longer than any client keeps one. */
export const keepAliveMs = 600_000;
/** After how long without a request a client lets go of a connection: sooner than a server would. */
export const idleMs = 1000;
/** Longest answer that is a problem or of no interest, in bytes. */
export const maxProblemBytes = 64 * 1024;
