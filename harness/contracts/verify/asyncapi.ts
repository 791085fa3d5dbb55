import { Parser } from '@asyncapi/parser';
import { join, relative, sep } from 'node:path';
import type { Mistakes } from '../mistakes.ts';
import { shownPath, type ServiceFolder } from '../source/folder.ts';

/** Severity of a diagnostic that makes a document no AsyncAPI document; others are advice. */
const errorSeverity = 0;

/**
 * The whole check of the official AsyncAPI parser. It reads the files of the folder that were read before, and nothing else: every
 * other scheme answers with nothing.
 */
export async function checkAsyncApi(folder: ServiceFolder, mistakes: Mistakes): Promise<void> {
  const parser = new Parser({
    __unstable: {
      resolver: {
        cache: false,
        resolvers: [
          { schema: 'file', order: 1, canRead: true, read: (uri) => textOf(folder, uri.path()) },
          ...['http', 'https'].map((schema) => ({ schema, order: 1, canRead: true, read: () => '{}' })),
        ],
      },
    },
  });
  const diagnostics = await parser.validate(folder.document.text, { source: join(folder.path, folder.document.name) });
  for (const diagnostic of diagnostics) {
    const severity: number = diagnostic.severity;
    if (severity !== errorSeverity) continue;
    const { line, character } = diagnostic.range.start;
    const file = shownPath(diagnostic.source ?? join(folder.path, folder.document.name));
    const what = diagnostic.message.replaceAll(/\s+/g, ' ');
    mistakes.add(
      { file, line: line + 1, column: character + 1 },
      `not AsyncAPI: ${what}`,
      `correct it as AsyncAPI 3 has it (${String(diagnostic.code)})`,
    );
  }
}

function textOf(folder: ServiceFolder, path: string): string {
  const name = relative(folder.path, decodeURIComponent(path)).split(sep).join('/');
  return folder.sources.get(name)?.text ?? '{}';
}
