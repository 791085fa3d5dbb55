import { SaxesParser } from 'saxes';

/** Readers of reports, each written against the format and not against the renderer. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** A document as XML 1.0 has it; anything that is not well-formed throws. */
export function parseXml(document: string): XmlElement {
  const parser = new SaxesParser();
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(document).close();
  return root.children[0]!;
}

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly outcome: string;
  readonly message: string;
  readonly text: string;
}

export function junitCases(document: string): readonly JunitCase[] {
  return parseXml(document).children.flatMap(({ children }) =>
    children
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes, children: results }) => {
        const result = results.find(({ name }) => name !== 'system-out');
        return {
          classname: attributes['classname']!,
          name: attributes['name']!,
          outcome: result?.name ?? 'passed',
          message: result?.attributes['message'] ?? '',
          text: result?.text ?? '',
        };
      }),
  );
}

/** `clause flow` → cell of the table of clauses and flows. */
export function markdownMatrix(document: string): ReadonlyMap<string, string> {
  const lines = document.split('\n');
  const at = lines.findIndex((line) => line.startsWith('| | '));
  const cells = (line: string): string[] =>
    line
      .split(/(?<!\\)\|/u)
      .slice(1, -1)
      .map((cell) => cell.trim());
  const flows = cells(lines[at]!).map((cell) => cell.replace('<wbr>', ''));
  const found = new Map<string, string>();
  for (const line of lines.slice(at + 2)) {
    if (!line.startsWith('| ')) break;
    const [clause, ...verdicts] = cells(line);
    for (const [index, cell] of verdicts.entries()) found.set(`${clause} ${flows[index + 1]}`, cell);
  }
  return found;
}

/** The same from the page: flows are put together from the two rows of headings. */
export function htmlMatrix(page: string): ReadonlyMap<string, string> {
  const table = /<table class="bw-matrix">.*?<\/table>/su.exec(page)![0];
  const plain = (markup: string): string => markup.replaceAll(/<[^>]*>/gu, '').trim();
  const services = [...table.matchAll(/<th scope="colgroup" colspan="(\d+)">(.*?)<\/th>/gsu)];
  const channels = [...table.matchAll(/<th scope="col" class="bw-matrix__flow[^"]*">(.*?)<\/th>/gsu)].map(
    ([, cell = '']) => plain(cell),
  );
  let next = 0;
  const flows = services.flatMap(([, span, name = '']) =>
    channels.slice(next, (next += Number(span))).map((channel) => `${plain(name)}/${channel}`),
  );
  const rows = [...table.matchAll(/<tr>\s*<th scope="row">\s*<a[^>]*>(.*?)<\/a>.*?<\/tr>/gsu)];
  return new Map(
    rows.flatMap(([row, clause]) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gsu)].map(
        ([, cell = ''], at) => [`${clause} ${flows[at]}`, plain(cell)] as const,
      ),
    ),
  );
}
