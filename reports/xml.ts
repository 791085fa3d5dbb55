import { printable } from './printable.ts';

/** An element with its attributes, in their order; one that is undefined is left out. Children are elements, or one text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly string[] | string = [],
): string {
  const written = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === undefined ? [] : [` ${attribute}="${escaped(printable(value))}"`],
  );
  const head = `<${name}${written.join('')}`;
  if (children.length === 0) return `${head}/>`;
  if (typeof children === 'string') return `${head}>${children}</${name}>`;
  return `${head}>\n${children.join('\n').replaceAll(/^(?= *<)/gmu, '  ')}\n</${name}>`;
}

/** Lines of text for an element's content. */
export function content(lines: readonly string[]): string {
  return escaped(lines.map((line) => printable(line)).join('\n'));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
