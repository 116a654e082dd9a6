import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeBinaryPlist } from '../formats/index.ts';
import { openVault, type Draft, type Vault } from '../vault/index.ts';
import { openUsableDraft } from './usable-draft.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

describe('a draft of the first encrypted backup, ended before its keys came', () => {
  for (const { before, encrypted } of [
    { before: 'no backup', encrypted: undefined },
    { before: 'an unencrypted backup', encrypted: false },
  ]) {
    test(`is not built upon after ${before}`, async () => {
      await using scene = await setUp(encrypted);
      await scene.interrupt({ 'Snapshot/ab/file': Buffer.from('of a key that is lost') });
      await using draft = await openUsableDraft(scene.vault, UDID, { willEncrypt: true, full: false });
      assert.equal(draft.resumed, false);
    });

    test(`is built upon after ${before} when its keys did come`, async () => {
      await using scene = await setUp(encrypted);
      await scene.interrupt({ 'Snapshot/ab/file': Buffer.from('x'), 'Snapshot/Manifest.plist': manifest(true) });
      await using draft = await openUsableDraft(scene.vault, UDID, { willEncrypt: true, full: false });
      assert.equal(draft.resumed, true);
    });
  }

  test('is another thing than one that follows an encrypted backup', async () => {
    await using scene = await setUp(true);
    await scene.interrupt({ 'Snapshot/ab/file': Buffer.from('x') });
    await using draft = await openUsableDraft(scene.vault, UDID, { willEncrypt: true, full: false });
    assert.equal(draft.resumed, true);
  });
});

/** The unencrypted ones carry a keybag too. */
function manifest(isEncrypted: boolean): Buffer {
  return encodeBinaryPlist({ IsEncrypted: isEncrypted, BackupKeyBag: Buffer.from('keys'), Version: '10.0' });
}

/** A vault that holds one backup, encrypted or not, or none. */
async function setUp(encrypted: boolean | undefined) {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const vault: Vault = await openVault(join(root, 'vault'), { create: true, purpose: 'a test' });
  if (encrypted !== undefined) {
    await using draft = vault.openDraft(UDID);
    await put(draft, { 'Manifest.plist': manifest(encrypted) });
    const device = { name: 'Ada', productType: 'iPhone14,5', productVersion: '18.5', buildVersion: '22F76' };
    await draft.commit({ device, kind: 'full', encrypted });
  }
  return {
    vault,
    async interrupt(files: Readonly<Record<string, Buffer>>): Promise<void> {
      const draft = vault.openDraft(UDID);
      await put(draft, files);
      await draft.close();
    },
    async [Symbol.asyncDispose]() {
      await vault.close();
      await rm(root, { recursive: true });
    },
  };
}

async function put(draft: Draft, files: Readonly<Record<string, Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const sink = draft.create(`${UDID}/${path}`);
    await sink.write(content);
    await sink.finish();
  }
}
