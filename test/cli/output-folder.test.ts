import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { busworthy, leftBy, main, quick, Started, TemporaryFolder, troubled, type Ended } from './busworthy.ts';

/** A run into a folder of a file system that is mounted for it alone, in a namespace of its own. */
async function runOnMount(mount: string, folder: TemporaryFolder): Promise<Ended | undefined> {
  await mkdir(folder.file('mount'), { recursive: true });
  // What is in the folder afterwards would stand behind the last line of the message.
  const inside = `${mount} || exit 77; "$@"; code=$?; ls -A out >&2; exit $code`;
  const unshare = ['unshare', '--map-root-user', '--mount', '/bin/sh', '-c', inside, 'sh'];
  const program = [process.execPath, main, 'run', ...quick, '--out', folder.file('mount/out')];
  await using started = new Started([...unshare, ...program], { cwd: folder.file('mount'), temporary: folder.path });
  const ended = await started.ended;
  return ended.code === 77 || /unshare/.test(ended.stderr) ? undefined : ended;
}

describe('an output folder that', () => {
  it.each([
    {
      what: 'is a file',
      path: 'taken',
      says: /taken: the run’s folder cannot be written: there is a file of that name/,
    },
    {
      what: 'is below a file',
      path: 'taken/out',
      says: /out: the run’s folder cannot be written: a part of the path is a file/,
    },
  ])('$what ends a run with 4 before a bus is started, and nothing changes', async ({ path, says }) => {
    await using folder = await TemporaryFolder.make();
    await using temporary = await TemporaryFolder.make();
    await writeFile(folder.file('taken'), '');
    expect(await busworthy(['run', ...quick, '--out', folder.file(path)], { temporary: temporary.path })).toMatchObject(
      troubled(says),
    );
    expect(await folder.list()).toEqual(['taken']);
    await expect.poll(() => leftBy(temporary.path)).toEqual([]);
  });

  it('cannot be made ends a run with 4', async () => {
    expect(await busworthy(['run', ...quick, '--out', '/proc/busworthy/out'])).toMatchObject(
      troubled(/^\/proc\/busworthy\/out: the run’s folder cannot be written: /),
    );
  });

  it('is read-only ends a run with 4', async (context) => {
    await using folder = await TemporaryFolder.make();
    const mounted = `cd .. && mount -t tmpfs -o size=1m none mount && mkdir mount/out && mount -o remount,ro mount && cd mount`;
    const ended = await runOnMount(mounted, folder);
    context.skip(ended === undefined, 'this user may make no namespace');
    expect(ended).toMatchObject(troubled(/out: the run’s folder cannot be written: its file system is read-only/));
  });

  it.for([16, 60, 120, 250])(
    'is full after %s kB ends a run with 4, and has no half of a run',
    async (kilobytes, context) => {
      await using folder = await TemporaryFolder.make();
      const mounted = `cd .. && mount -t tmpfs -o size=${String(kilobytes)}k none mount && mkdir mount/out && cd mount`;
      const ended = await runOnMount(mounted, folder);
      context.skip(ended === undefined, 'this user may make no namespace');
      expect(ended).toMatchObject(troubled(/cannot (be written|write the journal): (the disk is full|ENOSPC)/));
      expect((await readdir(folder.path)).toSorted()).toEqual(['mount']);
    },
  );
});
