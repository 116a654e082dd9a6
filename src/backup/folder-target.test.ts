import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeBackupTarget } from '../shared/target/backup-target.test-helper.ts';
import { openFolderTarget } from './folder-target.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

describeBackupTarget('a backup folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const root = join(folder, 'root');
  await mkdir(root);
  const target = await openFolderTarget(root, { udids: [UDID] });
  return {
    target,
    udid: UDID,
    close: async () => {
      await target[Symbol.asyncDispose]();
      assert.deepEqual(await readdir(folder), ['root']);
      assert.deepEqual(
        (await readdir(root)).filter((name) => name !== UDID),
        [],
      );
      await rm(folder, { recursive: true });
    },
  };
});

describe('a backup folder with symbolic links in it', () => {
  test('never follows them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
    try {
      await mkdir(join(folder, 'outside'));
      await writeFile(join(folder, 'outside', 'secret'), 'secret');
      await mkdir(join(folder, 'root', UDID), { recursive: true });
      await symlink(join(folder, 'outside'), join(folder, 'root', UDID, 'ab'));
      await symlink(join(folder, 'outside', 'secret'), join(folder, 'root', UDID, 'file'));
      await using target = await openFolderTarget(join(folder, 'root'), { udids: [UDID] });

      const refused = { name: 'TargetError', reason: 'invalid-path' };
      await assert.rejects(target.read(`${UDID}/ab/secret`), refused);
      await assert.rejects(target.read(`${UDID}/file`), refused);
      await assert.rejects(target.create(`${UDID}/ab/new`), refused);
      await assert.rejects(target.remove(`${UDID}/ab/secret`), refused);
      await assert.rejects(target.makeDirectory(`${UDID}/ab/new`), refused);
      await assert.rejects(target.move(`${UDID}/ab/secret`, `${UDID}/x`), refused);
      await target.remove(`${UDID}/ab`);
      assert.deepEqual(await readdir(join(folder, 'outside')), ['secret']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('a backup folder forgets what an earlier job left half received', async () => {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const earlier = await openFolderTarget(root, { udids: [UDID] });
    await (await earlier.create(`${UDID}/file`)).write(Buffer.from('half'));
    assert.equal((await readdir(root)).length, 1);
    await openFolderTarget(root, { udids: [UDID] });
    assert.deepEqual(await readdir(root), []);
  } finally {
    await rm(root, { recursive: true });
  }
});
