/** What may be wrong with the problem details in an answer of an adapter (RFC 9457; S2 of ADAPTERS.md), in the place of their reason. */
export const problemFaults = {
  otherType: 'not application/problem+json',
  unreadable: 'problem+json that cannot be parsed',
  noReason: 'a problem without a type urn:busworthy:<reason>',
} as const;

export const isProblemFault = (reason: string): boolean => Object.values<string>(problemFaults).includes(reason);
