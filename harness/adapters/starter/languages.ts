/** A working adapter to start from: a reference adapter that needs nothing of the harness. */
export interface Language {
  /** Folder of its reference adapter, in harness/adapters/reference. */
  readonly folder: string;
  /** Its name as people write it. */
  readonly title: string;
  /** What has to be there first. */
  readonly needs: string;
  /** Shell commands that build it, in its folder, in this order. */
  readonly build: readonly string[];
  /** Starts it, in its folder. */
  readonly command: readonly string[];
  /** Shell command of its own tests. */
  readonly test: string;
}

export const languages: Readonly<Record<string, Language>> = {
  go: {
    folder: 'go',
    title: 'Go',
    needs: 'Go 1.26 or later',
    build: ['go build -o bin/ .'],
    command: ['./bin/adapter'],
    test: 'go test ./...',
  },
  java: {
    folder: 'java',
    title: 'Java',
    needs: 'a JDK of version 17 or later, and Maven',
    build: ['mvn --quiet -DskipTests package'],
    command: ['java', '@adapter.args'],
    test: 'mvn --quiet test',
  },
  python: {
    folder: 'python',
    title: 'Python',
    needs: 'Python 3.11 or later',
    build: ['python3 -m venv .venv', '.venv/bin/pip install --quiet --requirement requirements-test.txt'],
    command: ['.venv/bin/python', 'main.py'],
    test: '.venv/bin/python -m pytest',
  },
  typescript: {
    folder: 'typescript-standalone',
    title: 'TypeScript',
    needs: 'Node 22.18 or later, which runs TypeScript as it is',
    build: ['npm install --omit=dev'],
    command: ['node', 'main.js'],
    test: 'npm test',
  },
};
