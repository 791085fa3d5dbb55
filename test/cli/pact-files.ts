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

const created = { 'ce-type': 'IncidentCreated' };
const ofIncidents = (interaction: object): Record<string, unknown> =>
  pact('mobile', 'command-and-control', interaction) as Record<string, unknown>;
/** What a consumer expects of incidents: what the contract promises; one grade where it promises any; and what is in no contract. */
export const loose = ofIncidents(about('an incident', { summary: 'x' }, created, rule('$.summary', { match: 'type' })));
export const strict = ofIncidents(about('a grade', { grade: 'I' }, created));
export const strange = ofIncidents(about('a merger', { grade: 'I' }, { 'ce-type': 'IncidentMerged' }));
