import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { because, type CheckupLine } from '../contract/index.ts';
import { openVault, type SnapshotRecord, type Vault } from '../vault/index.ts';
import type { CheckupHost } from './host.ts';
import { line } from './line.ts';
import type { UnchainedReport } from './reports/write-report.ts';
import { verdictOf } from './verdict.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
export const NOW = new Date('2026-12-01T04:00:00Z');

/** A report that says all is well, as it is before it is written. */
export function makeReport(changes: Partial<UnchainedReport> = {}): UnchainedReport {
  const lines: CheckupLine[] = [
    line('vault', 'proven', because('vault-lists-read', { versions: 2, devices: 1 }), { essential: true }),
  ];
  return {
    format: 'holdfast-checkup',
    version: 1,
    product: 'Holdfast 0.1.0',
    host: 'nas',
    vault: { id: '2f0c7f0e-4d3c-4a55-8c51-6c8a0f4b8a11', dir: '/srv/vault' },
    timeZone: 'Europe/Berlin',
    startedAt: NOW.toISOString(),
    endedAt: new Date(NOW.getTime() + 3_600_000).toISOString(),
    resumed: false,
    quick: false,
    ...verdictOf(lines, 2),
    lines,
    ...changes,
  };
}

/** A vault with a device, and the world around a checkup of it; gone after `using`. */
export class CheckupScene implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly vaultDir = join(this.root, 'vault');
  readonly stateDir = join(this.root, 'state');
  /** How often a version was verified deeply. */
  verified = 0;

  async takeSnapshot(files: Readonly<Record<string, string | Uint8Array>>, udid = UDID): Promise<SnapshotRecord> {
    await using vault = await this.open('write');
    await using draft = vault.openDraft(udid);
    for (const [path, content] of Object.entries(files)) {
      const sink = draft.create(`${udid}/${path}`);
      await sink.write(Buffer.from(content));
      await sink.finish();
    }
    const device = { name: 'Adas iPhone', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' };
    return await draft.commit({ device, kind: 'full', encrypted: false });
  }

  host(changes: Partial<CheckupHost> = {}): CheckupHost {
    const { stateDir, vaultDir } = this;
    const secrets = { get: () => undefined, set: () => undefined, delete: () => false };
    return {
      stateDir,
      vaultDir,
      product: 'Holdfast 0.1.0',
      hostName: 'nas',
      timeZone: 'Europe/Berlin',
      language: 'en',
      copies: { stateDir, env: process.env, secrets },
      openVault: () => this.open('none'),
      withWritableVault: async (work) => {
        await using vault = await this.open('write');
        return await work(vault);
      },
      verifyVersion: () => this.#verified(),
      tryPasswords: async function* (_vault, records) {
        for (const record of records) yield { record, state: 'readable' } as const;
      },
      backups: async () => [],
      now: () => new Date(),
      ...changes,
    };
  }

  open(lock: 'none' | 'write'): Promise<Vault> {
    return openVault(this.vaultDir, { create: true, purpose: 'a test', lock });
  }

  async *#verified() {
    this.verified++;
    const verifiedAt = new Date();
    const summary = { verifiedAt, files: 1, bytes: 1, decrypted: undefined, digestsMatched: 0, withoutDigest: 1 };
    yield { kind: 'done' as const, summary: { ...summary, databases: 0, databasesPassed: 0, findings: {} } };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
