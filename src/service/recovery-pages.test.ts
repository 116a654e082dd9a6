import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addResticCopy, type CopySecrets } from '../copies/index.ts';
import { openVault } from '../vault/index.ts';
import { makeRecoveryPages } from './recovery-pages.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

const isOn = (sheet: string): boolean => sheet.includes('<b>Q</b') && sheet.includes('ada:key@nas');

test('the password of a copy goes onto the sheet, for who may see it and where passwords are wanted there', async () => {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const [vaultDir, stateDir, binary] = ['vault', 'state', 'restic'].map((name) => join(root, name));
    assert.ok(vaultDir !== undefined && stateDir !== undefined && binary !== undefined);
    writeFileSync(binary, `#!/bin/sh\n[ "$1" = version ] && echo "restic 0.18.0" || echo '{"id":"5"}'\n`, {
      mode: 0o755,
    });
    const kept = new Map<string, string>();
    const copySecrets: CopySecrets = {
      get: (name) => kept.get(name),
      set: (name, secret) => void kept.set(name, secret),
      delete: (name) => kept.delete(name),
    };
    {
      await using vault = await openVault(vaultDir, { create: true, purpose: 'a test' });
      await using draft = vault.openDraft(UDID);
      const device = { name: 'Ada', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' };
      await draft.commit({ device, kind: 'full', encrypted: false });
      const copy = {
        name: 'offsite',
        repository: 'rest:http://ada:key@nas/',
        password: 'Q#7',
        everyHours: 24,
        readParts: 1,
      };
      await addResticCopy({ stateDir, env: {}, secrets: copySecrets }, vault, { ...copy, binary });
    }
    const ask = { vaultDir, stateDir, wanted: UDID, password: async () => undefined, product: 'Holdfast' };
    const printed = await makeRecoveryPages({ ...ask, content: 'password', copySecrets });
    assert.equal(isOn(printed.sheet), true);
    const blank = await makeRecoveryPages({ ...ask, content: 'no-password', copySecrets });
    assert.equal(isOn(blank.sheet), false);
    assert.match(blank.sheet, /<h3>offsite<.*<p class="line">/s);
    // Nothing is encrypted, and what opens the copies is not theirs to see.
    await assert.rejects(makeRecoveryPages({ ...ask, content: 'password' }), { code: 'USAGE' });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
