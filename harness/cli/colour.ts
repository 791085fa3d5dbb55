/** Colour on a terminal only, and not where NO_COLOR (https://no-color.org: set, and not empty) asks for none. */
export function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
}
