/** Pact files as other people's libraries write them, by their parts. */
export const part = (content: unknown, metadata: object = {}, more: object = {}): object => ({
  contents: { content, contentType: 'application/json', encoded: false },
  metadata,
  ...more,
});

/** An asynchronous interaction about one message. */
export const about = (description: string, content: unknown, metadata: object, more: object = {}): object => ({
  type: 'Asynchronous/Messages',
  description,
  ...part(content, metadata),
  ...more,
});

/** A question about a vehicle, and what its asker expects in reply. */
export const question = (response: readonly object[], more: object = {}): object => ({
  type: 'Synchronous/Messages',
  description: 'a vehicle',
  request: part({ vrm: 'AB00CDE' }, { 'ce-type': 'VehicleCheckRequest' }),
  response,
  ...more,
});

export const pact = (consumer: string, provider: string, ...interactions: readonly object[]): object => ({
  consumer: { name: consumer },
  provider: { name: provider },
  interactions,
  metadata: { pactSpecification: { version: '4.0' } },
});

/** A rule of the body, for one place. */
export const rule = (path: string, ...matchers: readonly object[]): object => ({
  matchingRules: { body: { [path]: { combine: 'AND', matchers } } },
});
