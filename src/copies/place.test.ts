import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { addFolderCopy, folderOf } from './add-copy.ts';
import { CopiesScene } from './copies.test-helper.ts';
import { assertNoCopyAt } from './room-for-vault.ts';

test('a copy is refused in the vault, around it and where a link leads there; not beside it', async () => {
  using scene = new CopiesScene();
  await using vault = await scene.openVault();
  mkdirSync(scene.path('elsewhere'));
  symlinkSync(scene.vaultDir, scene.path('elsewhere/link'));
  for (const dir of ['vault', 'vault/copy', 'vault/a/b', '.', 'elsewhere/link/copy']) {
    const copy = { name: 'disk', everyHours: 24, dir: scene.path(dir) };
    await assert.rejects(addFolderCopy(scene.context, vault, copy), { code: 'COPY_REFUSED' }, dir);
  }
  const beside = { name: 'disk', everyHours: 24, dir: scene.path('vault-2') };
  assert.equal((await addFolderCopy(scene.context, vault, beside)).isFound, false);
});

test('a vault is not moved to where a copy is, be its disk there or away; beside it, it is', async () => {
  using scene = new CopiesScene();
  await using vault = await scene.openVault();
  const { stateDir } = scene.context;
  await addFolderCopy(scene.context, vault, { name: 'disk', everyHours: 24, dir: scene.path('mnt/disk/copy') });
  rmSync(scene.path('mnt/disk/copy'), { recursive: true });
  for (const dir of ['mnt/disk/copy', 'mnt/disk/copy/in/it', 'mnt/disk', 'mnt']) {
    await assert.rejects(assertNoCopyAt(stateDir, scene.path(dir)), { code: 'COPY_REFUSED', hint: /remove disk/ }, dir);
  }
  await assertNoCopyAt(stateDir, scene.path('mnt/disk/vault'));
});

test('a repository is a folder where nothing says otherwise', () => {
  assert.deepEqual(['/media/usb', 'local:/media/usb', 'sftp:nas:/backups', 'C:\\backups'].map(folderOf), [
    '/media/usb',
    '/media/usb',
    undefined,
    'C:\\backups',
  ]);
});
