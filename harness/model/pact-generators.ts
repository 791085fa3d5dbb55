/**
 * Generators of Pact's versions 3 and 4 that give a value here, with the members that they need. One over HTTP (MockServerURL) has
 * nothing to stand for on a bus.
 */
export const generatorTypes: Readonly<Record<string, readonly string[]>> = {
  RandomInt: [],
  RandomDecimal: [],
  RandomHexadecimal: [],
  RandomString: [],
  RandomBoolean: [],
  Regex: ['regex'],
  Uuid: [],
  Date: [],
  Time: [],
  DateTime: [],
  ProviderState: ['expression'],
};

/** The names of parameters of provider states in an expression: `${name}`, or a name alone. */
export function namesIn(expression: string): readonly string[] {
  const braced = [...expression.matchAll(/\$\{([^}]+)\}/gu)].map(([, name]) => name ?? '');
  return braced.length > 0 ? braced : [expression];
}

/** Letters of a pattern of a date or time, as Java writes it, that are known here; a quote holds letters that stand for themselves. */
export const datePattern = /'[^']*'|yyyy|MM|dd|HH|mm|ss|SSS|XXX|X|Z|[^A-Za-z']/gu;

/** Where a generator of dates has no pattern. */
export const datePatterns: Readonly<Record<string, string>> = {
  Date: 'yyyy-MM-dd',
  Time: 'HH:mm:ss',
  DateTime: "yyyy-MM-dd'T'HH:mm:ssXXX",
};
