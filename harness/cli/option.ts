/** An option of a command line with its value; nothing where it has none. */
export const option = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [name, value];
