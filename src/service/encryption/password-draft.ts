/**
 * What becomes of a change of password on this computer. The device wraps the keys of its backups by the new password
 * and puts them into the Manifest.plist of the computer's folder: here, a draft over the newest snapshot. Kept as a
 * snapshot, it is what the next backup builds upon; lost, the device would find keys it does not know and send
 * everything again. Snapshots from before keep theirs, and the password they had.
 */
import { keybagId } from '../../keybag/index.ts';
import { readManifestPlist, unlockBackup, type BackupSource, type ManifestFacts } from '../../snapshot/index.ts';
import { TargetError, type BackupTarget, type TargetSink } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Draft, SnapshotRecord, Vault } from '../../vault/index.ts';
import { problemWithKeys } from './problem-with-keys.ts';

const MANIFEST = 'Manifest.plist';

/** How a change of password left the computer's side. */
export type KeptChange =
  /** The newest backup now opens with the new password, as a snapshot of its own. */
  | { readonly kind: 'snapshot'; readonly record: SnapshotRecord; readonly keybag: string }
  /** An unfinished backup waits in the vault, and goes on with the new password. */
  | { readonly kind: 'unfinished'; readonly keybag: string }
  /** The device put no new keys into the folder: there was no encrypted backup, or it did not get that far. */
  | { readonly kind: 'none' }
  /** It did, and nobody can use them. They were not kept. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Dispose it: what was not settled is let go of. */
export class PasswordDraft implements AsyncDisposable {
  readonly #draft: Draft;
  readonly #before: readonly (string | undefined)[];
  /** A path other than Manifest.plist that the device changed, which it has no reason to. */
  #strange: string | undefined;
  #isSettled = false;

  private constructor(draft: Draft, before: readonly (string | undefined)[]) {
    this.#draft = draft;
    this.#before = before;
  }

  /** Over the newest snapshot, or in the unfinished backup that waits. @throws {AppError} as `Vault.openDraft` */
  static async open(vault: Vault, udid: string): Promise<PasswordDraft> {
    const draft = vault.openDraft(udid);
    const folder = new PasswordDraft(draft, []);
    try {
      return new PasswordDraft(draft, await keybagsIn(draft));
    } catch (error) {
      await folder.letGo();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isSettled) await this.letGo();
  }

  /**
   * Whether a password opens the newest backup: known before anybody has to enter a passcode.
   *
   * @returns undefined when there is no encrypted backup.
   */
  async tryOld(password: string): Promise<{ keybag: string; opens: boolean } | undefined> {
    const facts = await readableFacts(sourceIn(this.#draft, this.#draft.udid));
    const keybag = facts?.isEncrypted === true && facts.keybag !== undefined ? keybagId(facts.keybag) : undefined;
    if (facts === undefined || keybag === undefined) return undefined;
    try {
      await unlockBackup(facts, password);
      return { keybag, opens: true };
    } catch (error) {
      if (isAppError(error, 'WRONG_PASSWORD')) return { keybag, opens: false };
      if (isAppError(error, 'FORMAT_INVALID')) return undefined;
      throw error;
    }
  }

  /** The computer's folder, as the device is given it. Its new keys are durable before it hears that they arrived. */
  get target(): BackupTarget {
    const draft = this.#draft;
    const note = (path: string): void => {
      if (!path.endsWith(`/${MANIFEST}`)) this.#strange ??= path;
    };
    return {
      read: (path) => draft.read(path),
      list: (path) => draft.list(path),
      makeDirectory: (path) => draft.makeDirectory(path),
      freeBytes: () => draft.freeBytes(),
      create: (path) => (note(path), durable(draft.create(path), draft)),
      move: async (from, to) => {
        note(to);
        draft.move(from, to);
        await draft.flush();
      },
      remove: (path) => (note(path), draft.remove(path)),
      copy: (from, to) => (note(to), draft.copy(from, to)),
    };
  }

  /** Leaves what was there before for the next backup, whatever the device did. */
  async letGo(): Promise<KeptChange> {
    this.#isSettled = true;
    await (this.#draft.resumed ? this.#draft.close() : this.#draft.discard());
    return { kind: 'none' };
  }

  /** Encryption was turned on or off: what an unfinished backup has received so far belongs to other keys, or to none. */
  async startOver(): Promise<KeptChange> {
    this.#isSettled = true;
    await this.#draft.discard();
    return { kind: 'none' };
  }

  /** Keeps what the device did to its keys, or lets go of it. */
  async settle(newPassword: string): Promise<KeptChange> {
    const draft = this.#draft;
    const { resumed, base } = draft;
    const changed = (await keybagsIn(draft)).find((id, i) => id !== undefined && id !== this.#before[i]);
    if (changed === undefined) return this.letGo();
    this.#isSettled = true;
    if (resumed || base === undefined) {
      await draft.close();
      return { kind: 'unfinished', keybag: changed };
    }
    const reason =
      this.#strange === undefined ? await whyUnusable(draft, newPassword) : `the device also changed ${this.#strange}`;
    if (reason !== undefined) {
      await draft.discard();
      return { kind: 'unusable', reason };
    }
    return { kind: 'snapshot', record: await commit(draft, base, changed), keybag: changed };
  }
}

/** Of the backup and of the part of it that is still arriving. */
async function keybagsIn(draft: Draft): Promise<(string | undefined)[]> {
  const folders = [`${draft.udid}/Snapshot`, draft.udid];
  return Promise.all(folders.map((folder) => keybagIn(sourceIn(draft, folder))));
}

async function keybagIn(source: BackupSource): Promise<string | undefined> {
  const facts = await readableFacts(source);
  return facts?.isEncrypted === true && facts.keybag !== undefined ? keybagId(facts.keybag) : undefined;
}

async function readableFacts(source: BackupSource): Promise<ManifestFacts | undefined> {
  try {
    return await readManifestPlist(source);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/** The proof before the promise: the new password opens the new keys, and those the list of files. */
async function whyUnusable(draft: Draft, newPassword: string): Promise<string | undefined> {
  const source = sourceIn(draft, draft.udid);
  try {
    const facts = await readManifestPlist(source);
    return facts === undefined ? 'its Manifest.plist is gone' : await problemWithKeys(source, facts, newPassword);
  } catch (error) {
    const isTheirs = error instanceof TargetError || isAppError(error, 'WRONG_PASSWORD', 'FORMAT_INVALID');
    if (isTheirs) return error.message;
    throw error;
  }
}

/** The same files at the same time as the snapshot before, with another keybag. */
function commit(draft: Draft, base: SnapshotRecord, keybag: string): Promise<SnapshotRecord> {
  return draft.commit({
    device: base.device,
    kind: 'incremental',
    encrypted: true,
    takenAt: base.takenAt,
    checks: { ...base.checks, keybag, passwordChangeOf: base.id },
    warnings: base.warnings,
  });
}

function durable(sink: TargetSink, draft: Draft): TargetSink {
  return {
    write: (chunk) => sink.write(chunk),
    finish: async () => {
      await sink.finish();
      await draft.flush();
    },
    discard: () => sink.discard(),
  };
}

function sourceIn(draft: Draft, folder: string): BackupSource {
  return {
    read: (path) => draft.read(`${folder}/${path}`),
    localPath: (path) => draft.localPath(`${folder}/${path}`),
    plainCopy: (path) => draft.plainCopy(`${folder}/${path}`),
  };
}
