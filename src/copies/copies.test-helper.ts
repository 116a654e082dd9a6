import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault, type SnapshotRecord, type Vault } from '../vault/index.ts';
import type { CopiesContext } from './open-copy.ts';

export const UDID = '00008110-000A1B2C3D4E5F60';

/** A vault, room for copies of it, and the world around them; gone after `using`. */
export class CopiesScene implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly vaultDir = join(this.root, 'vault');
  readonly secrets = new Map<string, string>();
  readonly context: CopiesContext;
  /** What the clock says. */
  now = new Date('2026-11-22T10:00:00Z');

  constructor() {
    this.context = {
      stateDir: join(this.root, 'state'),
      env: process.env,
      secrets: {
        get: (name) => this.secrets.get(name),
        set: (name, secret) => void this.secrets.set(name, secret),
        delete: (name) => this.secrets.delete(name),
      },
      now: () => this.now,
    };
  }

  openVault(dir = this.vaultDir, lock: 'write' | 'none' = 'write'): Promise<Vault> {
    return openVault(dir, { create: true, purpose: 'a test', lock });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Backs up: the files given on top of the last snapshot. */
export async function takeSnapshot(
  vault: Vault,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<SnapshotRecord> {
  await using draft = vault.openDraft(UDID);
  for (const [path, content] of Object.entries(files)) {
    const sink = draft.create(`${UDID}/${path}`);
    await sink.write(Buffer.from(content));
    await sink.finish();
  }
  const device = { name: "Ada's iPhone", productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' };
  return await draft.commit({ device, kind: 'full', encrypted: false });
}

/** Every event of a kind, and the work done to its end. */
export async function eventsOf<E extends { readonly kind: string }, K extends E['kind']>(
  events: AsyncIterable<E>,
  kind: K,
): Promise<Extract<E, { kind: K }>[]> {
  const all = await Array.fromAsync(events);
  return all.filter((event): event is Extract<E, { kind: K }> => event.kind === kind);
}
