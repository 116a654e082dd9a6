import { createHash } from 'node:crypto';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupTarget } from '../shared/target/backup-target.ts';
import { Disk } from './durability.ts';
import type { SnapshotFacts } from './drafts/draft.ts';
import { openVaultWith, type OpenVaultOptions, type VaultSeams } from './open-vault.ts';
import type { SnapshotRecord } from './snapshots/record.ts';
import type { Vault } from './vault.ts';

export const UDID = '00008110-000A1B2C3D4E5F60';

export const FACTS: SnapshotFacts = {
  device: { name: "Ada's iPhone", productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
  kind: 'full',
  encrypted: false,
};

/** Waiting for a disk proves nothing where the power stays on, and takes most of a test's time. */
export const UNSYNCED_DISK = new Disk({
  ...fs,
  fsync: Object.assign((_file: number, done: fs.NoParamCallback) => void setImmediate(done, null), {
    __promisify__: fs.fsync.__promisify__,
  }),
});

/** A folder for a vault that is gone after `using`. */
export class TemporaryVault implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly dir = join(this.root, 'vault');

  open(seams: VaultSeams = {}, options: Partial<OpenVaultOptions> = {}): Promise<Vault> {
    return openVaultWith(this.dir, { create: true, purpose: 'a test', ...options }, { disk: UNSYNCED_DISK, ...seams });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Files by their path in the backup folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function putFiles(target: BackupTarget, files: Files, udid = UDID): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const sink = await target.create(`${udid}/${path}`);
    await sink.write(Buffer.from(content));
    await sink.finish();
  }
}

/** Backs up: the files given on top of the last snapshot. */
export async function takeSnapshot(
  vault: Vault,
  files: Files,
  facts: Partial<SnapshotFacts> = {},
): Promise<SnapshotRecord> {
  await using draft = vault.openDraft(UDID);
  await putFiles(draft, files);
  return await draft.commit({ ...FACTS, ...facts });
}

/** Everything in a snapshot: the content of files, null for empty directories. */
export async function contentOf(vault: Vault, record: SnapshotRecord): Promise<Map<string, string | null>> {
  using view = vault.openSnapshot(record);
  const content = new Map<string, string | null>();
  for (const { directory, entry } of view.entries()) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.kind === 'directory') {
      content.set(`${path}/`, null);
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of view.open(path)?.chunks() ?? []) chunks.push(Buffer.from(chunk));
    content.set(path, Buffer.concat(chunks).toString());
  }
  return content;
}

/** A large file that lies packed in the vault. */
export function packable(seed: string): Buffer {
  const bytes = Buffer.alloc(1_060_000, `${seed} `);
  bytes.write('SQLite format 3\0');
  return bytes;
}

/** Changes one bit of these bytes wherever objects of the vault hold them. */
export function damageObject(vaultDir: string, content: Buffer): void {
  const digits = createHash('sha256').update(content).digest('hex');
  const packedName = join('objects', digits.slice(0, 2), `${digits.slice(2)}.zst`);
  for (const name of fs.readdirSync(vaultDir, { recursive: true, encoding: 'utf8' })) {
    const path = join(vaultDir, name);
    if (!/^(?:segments|objects)\//.test(name) || !fs.statSync(path).isFile()) continue;
    const bytes = fs.readFileSync(path);
    const at = name === packedName ? 100 : bytes.indexOf(content);
    if (at < 0) continue;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    fs.chmodSync(path, 0o600);
    fs.writeFileSync(path, bytes);
    fs.chmodSync(path, 0o444);
  }
}
