/** A backup of a virtual iPhone with a library, read out of the vault it was made into. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabaseBytes, type Row } from '../../src/database/index.ts';
import { ExportFolder } from '../../src/export/index.ts';
import { CONTENT_EXPORTS } from '../../src/export/registry.ts';
import { openBackup, type Backup } from '../../src/snapshot/index.ts';
import { PhoneAndVault } from '../integration/phone-and-vault.ts';

/** Seconds since 2001 to milliseconds since 1970. */
export const cocoaMs = (seconds: unknown): number => Number(seconds) * 1000 + 978_307_200_000;

export interface TakenOut {
  readonly folder: ExportFolder;
  readonly items: number;
  readonly read: (path: string) => Promise<string>;
}

export class PhoneBackup implements AsyncDisposable {
  readonly both: PhoneAndVault;
  readonly backup: Backup;
  readonly #dir: string;
  readonly #closing: AsyncDisposableStack;

  private constructor(parts: Pick<PhoneBackup, 'both' | 'backup'>, dir: string, closing: AsyncDisposableStack) {
    this.both = parts.both;
    this.backup = parts.backup;
    this.#dir = dir;
    this.#closing = closing;
  }

  /** A new phone, backed up once; with a password encrypted. */
  static async make(backupPassword?: string): Promise<PhoneBackup> {
    await using closing = new AsyncDisposableStack();
    const password = backupPassword === undefined ? {} : { backupPassword };
    const both = closing.use(await PhoneAndVault.start({ library: 'small', files: 0, ...password }));
    const { snapshot } = await both.backUp();
    const vault = closing.use(await both.openVault('none'));
    const record = vault.findSnapshot(snapshot);
    const view = closing.use(vault.openSnapshot(record));
    const source = { read: (path: string) => view.read(`${record.udid}/${path}`) };
    const backup = closing.use(await openBackup(source, { password: backupPassword }));
    const dir = await mkdtemp(join(tmpdir(), 'holdfast-'));
    closing.defer(() => rm(dir, { recursive: true }));
    return new PhoneBackup({ both, backup }, dir, closing.move());
  }

  /** Rows as the phone itself has them. @param path of the domain and the file in it. */
  rowsOnPhone(path: RegExp, sql: string): Row[] {
    const { disk } = this.both.phone;
    const file = [...disk.all()].find((each) => path.test(`${each.domain}/${each.relativePath}`));
    assert.ok(file !== undefined);
    using database = openDatabaseBytes(disk.read(file));
    return database.prepare(sql).all();
  }

  async takeOut(kind: string, format: string): Promise<TakenOut> {
    const exporter = CONTENT_EXPORTS.find((each) => each.kind === kind);
    const folder = await ExportFolder.create(join(this.#dir, `${kind}-${format}`));
    const signal = AbortSignal.timeout(60_000);
    const request = { backup: this.backup, folder, format, timeZone: 'Europe/Berlin', signal, options: {} };
    const summary = await exporter?.run(request);
    assert.ok(summary !== undefined);
    return { folder, items: summary.items, read: (path) => readFile(join(folder.dir, path), 'utf8') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing.disposeAsync();
  }
}
