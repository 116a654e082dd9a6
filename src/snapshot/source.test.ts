import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { isAppError } from '../shared/errors.ts';
import { readStatus } from './facts.ts';
import { openManifest } from './manifest/open-manifest.ts';
import { folderSource, readWhole } from './source.ts';

describe('a backup folder that somebody else made', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a file is read, a missing one is undefined', async () => {
    await writeFile(join(folder, 'Info.plist'), 'bytes');
    const source = folderSource(folder);
    assert.equal((await readWhole(source, 'Info.plist', 5))?.toString(), 'bytes');
    assert.equal(await readWhole(source, 'Status.plist', 5), undefined);
    await assert.rejects(readWhole(source, 'Info.plist', 4), (error: unknown) => isAppError(error, 'FORMAT_INVALID'));
  });

  test('what is no file is refused: a pipe that would be waited for, a link that leads elsewhere, a folder', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, '<plist><dict/></plist>');
    const makers: Record<string, (path: string) => unknown> = {
      pipe: (path) => execFileSync('mkfifo', [path]),
      link: (path) => symlink(secret, path),
      'endless link': (path) => symlink('/dev/zero', path),
      folder: (path) => mkdir(path),
    };
    for (const [what, make] of Object.entries(makers)) {
      for (const name of ['Status.plist', 'Manifest.db']) {
        await make(join(folder, name));
        const source = folderSource(folder);
        const reading = name === 'Manifest.db' ? openManifest(source) : readStatus(source);
        await assert.rejects(
          reading,
          (error: unknown) => {
            return isAppError(error, 'FORMAT_INVALID') && error.message === `${name} is not a file`;
          },
          what,
        );
        await rm(join(folder, name), { recursive: true });
      }
    }
  });

  test('a file that the disk does not give is the disk’s failure', async () => {
    await writeFile(join(folder, 'a'), '');
    const source = folderSource(join(folder, 'x'.repeat(300)));
    await assert.rejects(readWhole(source, 'Info.plist', 5), (error: unknown) => isAppError(error, 'STORAGE_FAILED'));
  });
});
