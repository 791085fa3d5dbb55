/** Colour on a terminal only, and not where NO_COLOR asks for none. */
export function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['NO_COLOR'] === undefined;
}
