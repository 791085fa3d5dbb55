/** Node's HTTP. Importing it in the usual way loads a WebSocket client with it, at every start, for 30 ms. */
export const { Agent, createServer, request, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http');
