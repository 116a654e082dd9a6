import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addResticCopy } from './add-copy.ts';
import type { VerifyOptions } from './copy.ts';
import { CopiesScene, eventsOf } from './copies.test-helper.ts';
import { findEntry } from './registry.ts';
import { readCopies, type CopyStatus } from './status.ts';
import { verifyCopy } from './work.ts';

test('damage in one part is known until that part is whole, and a repair begins with it', async () => {
  using scene = await DamagedRepository.make('0.18.0');
  await scene.verify({ part: 3 });
  const { damaged } = await scene.status();
  assert.deepEqual([damaged?.part, damaged?.problems], ['3/12', 1]);
  await scene.verify({});
  assert.deepEqual([scene.partRead, (await scene.status()).damaged], ['4/12', damaged]);
  await scene.verify({ repair: true });
  assert.deepEqual([scene.partRead, (await scene.status()).damaged], ['3/12', undefined]);
});

test('damage is known also where it could not be mended', async () => {
  using scene = await DamagedRepository.make('0.14.0');
  await assert.rejects(scene.verify({ part: 3, repair: true }), { code: 'PROGRAM_MISSING' });
  const { damaged } = await scene.status();
  assert.deepEqual([damaged?.part, damaged?.problems, damaged?.outcome], ['3/12', 1, 'failed']);
});

/** A repository, played by a script, with damage in the third part of its data. */
class DamagedRepository extends CopiesScene {
  static async make(version: string): Promise<DamagedRepository> {
    const scene = new DamagedRepository();
    const script = [
      '#!/bin/sh',
      `if [ "$1" = version ]; then echo "restic ${version} compiled with go"; exit 0; fi`,
      `cd "${scene.root}"`,
      'read -r password',
      'case "$*" in',
      `  *"cat config"*) echo '{"id":"${'5'.repeat(64)}"}' ;;`,
      '  snapshots*) echo "[]" ;;',
      '  repair*) touch mended ;;',
      '  check*) echo "$2" > asked',
      '    case "$2" in *=3/12) [ -e mended ] || { echo "Fatal: repository contains errors" >&2; exit 1; } ;; esac ;;',
      'esac',
    ];
    const binary = scene.path('restic');
    writeFileSync(binary, `${script.join('\n')}\n`, { mode: 0o755 });
    await using vault = await scene.openVault();
    const repository = scene.path('repository');
    await addResticCopy(scene.context, vault, { name: 'offsite', everyHours: 24, repository, readParts: 12, binary });
    return scene;
  }

  /** Of the data, what was read last: "3/12". */
  get partRead(): string | undefined {
    return readFileSync(this.path('asked'), 'utf8').trim().split('=')[1];
  }

  async verify(options: VerifyOptions): Promise<void> {
    await using vault = await this.openVault(this.vaultDir, 'none');
    const entry = await findEntry(this.context.stateDir, 'offsite');
    await eventsOf(verifyCopy(this.context, vault, entry, options), 'done');
  }

  async status(): Promise<CopyStatus> {
    const [status] = await readCopies(this.context, this.now);
    assert.ok(status !== undefined);
    return status;
  }
}
