import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Settings } from '../../contract/index.ts';
import { openVaultWith } from '../../vault/index.ts';
import { checkupHost } from './checkup-host.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
const LAST = new Date('2026-10-01T10:00:00Z');
const now = (): Date => new Date('2026-11-22T10:00:00Z');

test('a version that was dated by a clock that was ahead makes no backup recent', async () => {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const vaultDir = join(root, 'vault');
    for (const at of [LAST, new Date('2037-01-01T00:00:00Z')]) {
      const options = { create: true, purpose: 'a test' };
      await using vault = await openVaultWith(vaultDir, options, { now: () => at.getTime() });
      await using draft = vault.openDraft(UDID);
      const device = { name: 'Ada', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' };
      await draft.commit({ device, kind: 'full', encrypted: false });
    }
    const settings = Settings.parse({});
    const host = checkupHost({ vaultDir, stateDir: join(root, 'state'), env: {}, product: 'Holdfast', settings, now });
    await using vault = await host.openVault('a test');
    const [facts] = await host.backups(vault);
    assert.deepEqual([facts?.lastAt, facts?.overdueDays], [LAST, 52]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
