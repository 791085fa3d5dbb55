/** One line to stderr, without content (L4): what is no word of ours may quote a payload, so an error is told by its name alone. */
export function log(line: string, error?: unknown): void {
  const kind = error === undefined ? '' : `: ${error instanceof Error ? error.name : typeof error}`;
  process.stderr.write(`${line}${kind}\n`);
}
