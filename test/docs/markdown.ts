/** A fenced block of a document. `info` is what stands after its language. */
export interface Block {
  readonly file: string;
  /** Line of its first line of text, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly info: string;
  readonly text: string;
}

export function blocksOf(file: string, text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const open = /^```(\S*) *(.*)$/.exec(lines[at] ?? '');
    if (open === null) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${file}:${String(at + 1)}: the block has no end`);
    const [, language = '', info = ''] = open;
    blocks.push({ file, line: at + 2, language, info, text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return blocks;
}

/** The document without its fenced blocks; the lines keep their numbers. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
}

/** What stands in backticks in running text. */
export const codeSpansOf = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** Targets of links that do not leave the repository. */
export const linksOf = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** Anchors of a document's headings. */
export const anchorsOf = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
