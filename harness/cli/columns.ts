/** Columns of a terminal; undefined elsewhere. A pseudo terminal of no size has those that a terminal has at least. */
export function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns || 80 : undefined;
}

/** A text in lines of whole words, each at most so wide; a word that is wider stands alone. The first line begins with `label`, the others below it. */
export function wrapped(label: string, text: string, columns: number): string {
  const margin = ' '.repeat(label.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each, at) => `${at === 0 ? label : margin}${each}`.trimEnd()).join('\n');
}
