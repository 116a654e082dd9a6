import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addFolderCopy, addResticCopy, type AddedCopy } from './add-copy.ts';
import { CopiesScene } from './copies.test-helper.ts';
import { readRegistry } from './registry.ts';
import { removeCopy } from './remove-copy.ts';
import type { Vault } from '../vault/index.ts';

test('a repository that was made just before all ended is opened by the password that was made for it', async () => {
  using scene = new NewRepository();
  scene.endAfterMaking();
  await assert.rejects(scene.add(), { code: 'COPY_UNREACHABLE' });
  const kept = scene.secrets.get('copy/offsite');
  const { isFound, madePassword } = await scene.add();
  assert.equal(isFound, true);
  assert.ok(madePassword !== undefined && madePassword === kept);
});

test('a repository of somebody else is not taken, whatever password was made', async () => {
  using scene = new NewRepository();
  writeFileSync(scene.path('repository'), 'a password of their own');
  for (const _ of ['once', 'again']) await assert.rejects(scene.add(), { code: 'WRONG_PASSWORD' });
});

test('a place is not set up a second time under another name, by whatever path it is reached', async () => {
  using scene = new NewRepository();
  await using vault = await scene.openVault();
  const add = (name: string, dir: string) => addFolderCopy(scene.context, vault, { name, everyHours: 24, dir });
  await add('usb', scene.path('disk'));
  symlinkSync(scene.path('disk'), scene.path('link'));
  for (const dir of [scene.path('disk'), scene.path('link')]) {
    await assert.rejects(add('usb2', dir), { code: 'COPY_REFUSED', message: /the copy usb already/ });
  }
  await scene.addTo(vault, 'offsite', 's3:s3.example.org/bucket', 'a password');
  await assert.rejects(scene.addTo(vault, 'elsewhere', 'local:/other', 'a password'), {
    code: 'COPY_REFUSED',
    message: /offsite/,
  });
  assert.equal(scene.secrets.get('copy/elsewhere'), undefined);
  const { stateDir } = scene.context;
  assert.deepEqual(
    (await readRegistry(stateDir)).map(({ name }) => name),
    ['offsite', 'usb'],
  );
  await removeCopy(scene.context, 'usb');
  assert.equal((await add('usb2', scene.path('link'))).isFound, true);
});

/** A place for a repository, played by a script that keeps the password it was made with. */
class NewRepository extends CopiesScene {
  readonly binary = this.path('restic');

  constructor() {
    super();
    const script = [
      '#!/bin/sh',
      'if [ "$1" = version ]; then echo "restic 0.18.0 compiled with go"; exit 0; fi',
      `cd "${this.root}"`,
      'read -r password',
      'if [ "$1" = init ]; then',
      '  [ -e repository ] && { echo "config file already exists" >&2; exit 1; }',
      '  echo "$password" > repository; exit 0',
      'fi',
      'if rm "the end" 2> /dev/null; then echo "dial tcp: connection refused" >&2; exit 1; fi',
      '[ "$password" = "$(cat repository)" ] || { echo "wrong password or no key found" >&2; exit 12; }',
      `echo '{"version":2,"id":"${'5'.repeat(64)}","chunker_polynomial":"25b468838dcb75"}'`,
    ];
    writeFileSync(this.binary, `${script.join('\n')}\n`, { mode: 0o755 });
  }

  /** Nothing of the place answers any more, once the repository is there. */
  endAfterMaking(): void {
    writeFileSync(this.path('the end'), '');
  }

  async add(): Promise<AddedCopy> {
    await using vault = await this.openVault();
    return await this.addTo(vault, 'offsite');
  }

  addTo(vault: Vault, name: string, repository = 's3:s3.example.org/bucket', password?: string): Promise<AddedCopy> {
    return addResticCopy(this.context, vault, {
      name,
      everyHours: 24,
      repository,
      password,
      readParts: 12,
      binary: this.binary,
    });
  }
}
