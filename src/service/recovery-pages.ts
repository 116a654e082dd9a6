import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { CopySecrets, CopyStatus } from '../copies/index.ts';
import { productName } from '../device/index.ts';
import type { CopyFacts, PasswordFacts, RecoverySheetFacts, SheetPassword } from '../export/index.ts';
import { keybagId, makeShares, shareLines, type Share } from '../keybag/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { passwordNeeded, readInfo, readManifestPlist, unlockBackup, type InfoFacts } from '../snapshot/index.ts';
import { openKnownVault, passwordDates, type SnapshotRecord, type Vault } from '../vault/index.ts';
import { snapshotSource, type AskPassword } from './reading/open-for-reading.ts';
import { snapshotsOfDevice } from './reading/snapshots-of-device.ts';

export interface RecoveryPagesRequest {
  readonly vaultDir: string;
  readonly stateDir: string;
  /** Name or UDID of a device that has snapshots; undefined means the only one. */
  readonly wanted: string | undefined;
  /** What goes onto the pages: nothing of the password, all of it, or shares on pages of their own. */
  readonly content: 'no-password' | 'password' | { readonly needed: number; readonly count: number };
  /**
   * Where what opens the copies is kept: their passwords go onto the page where that of the device does. Left out for
   * somebody who may not read the copies, in which lie the backups of everybody.
   */
  readonly copySecrets?: CopySecrets | undefined;
  /** Asked only where the password goes onto the pages. */
  readonly password: AskPassword;
  /** "Holdfast 0.1.0" */
  readonly product: string;
  readonly now?: Date;
  readonly signal?: AbortSignal | undefined;
}

export interface RecoveryPages {
  readonly udid: string;
  readonly name: string;
  /** HTML. */
  readonly sheet: string;
  /** HTML, one page for each person. */
  readonly shares: readonly string[];
  readonly set?: string | undefined;
}

/**
 * Makes the recovery sheet of a device, and the pages of shares where those are wanted. A password goes onto paper only
 * after it has been proven to open the newest encrypted snapshot.
 *
 * @throws {AppError} WRONG_PASSWORD, SNAPSHOT_NOT_FOUND, DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS, VAULT_NOT_FOUND, USAGE
 */
export async function makeRecoveryPages(request: RecoveryPagesRequest): Promise<RecoveryPages> {
  const { vaultDir, stateDir, content, product, now = new Date() } = request;
  // Loaded here: other commands start sooner without what writes pages.
  const [{ recoverySheet, sharePage }, { keptKeys, readCopies }] = await Promise.all([
    import('../export/index.ts'),
    import('../copies/index.ts'),
  ]);
  const opening = { dir: vaultDir, stateDir, purpose: 'a recovery sheet', create: false, lock: 'none' } as const;
  await using vault = await openKnownVault(opening);
  const records = snapshotsOfDevice(vault, request.wanted);
  const [newest] = records;
  if (newest === undefined) throw new Error('a device without snapshots is none');
  const statuses = (await readCopies({ stateDir }, now)).filter(({ entry }) => entry.vaultId === vault.id);
  const secrets = content === 'password' ? request.copySecrets : undefined;
  const copies = statuses.map((status) => copyFacts(status, secrets, keptKeys));
  const isWanted = content !== 'no-password' && !isOnlyOfCopies(records, copies);
  const password = isWanted ? await provenPassword(vault, records, request) : undefined;
  const shares = password === undefined || typeof content === 'string' ? [] : makeShares(password, content);
  const facts: RecoverySheetFacts = {
    madeAt: now,
    product,
    device: deviceFacts(newest, await infoOf(vault, newest)),
    vault: { dir: resolve(vaultDir), host: hostname(), id: vault.id },
    versions: {
      count: records.length,
      newest: { id: newest.id, takenAt: newest.takenAt, sizeBytes: newest.list.bytes, encrypted: newest.encrypted },
      oldestAt: records.at(-1)?.takenAt ?? newest.takenAt,
      unencrypted: records.filter(({ encrypted }) => !encrypted).length,
    },
    passwords: await passwordFacts(vault, records),
    copies,
    password: sheetPassword(records, password, content, shares),
  };
  return {
    udid: newest.udid,
    name: newest.device.name,
    sheet: recoverySheet(facts),
    shares: shares.map((share) => sharePage(shareFacts(share, shares.length, facts))),
    set: shares[0]?.set,
  };
}

function sheetPassword(
  records: readonly SnapshotRecord[],
  password: string | undefined,
  content: RecoveryPagesRequest['content'],
  [first]: readonly Share[],
): SheetPassword {
  if (password !== undefined && content === 'password') return { kind: 'printed', password };
  if (first !== undefined && typeof content !== 'string') return { kind: 'shared', ...content, set: first.set };
  return { kind: records.some(({ encrypted }) => encrypted) ? 'blank' : 'none' };
}

/** Asks for it until it opens the newest encrypted snapshot, or there is nobody to ask any more. */
async function provenPassword(
  vault: Vault,
  records: readonly SnapshotRecord[],
  { password: ask, signal }: RecoveryPagesRequest,
): Promise<string> {
  const newest = records.find(({ encrypted }) => encrypted);
  if (newest === undefined) {
    throw new AppError('USAGE', 'no backup of this device is encrypted, so that there is no password to be printed', {
      hint: '`holdfast encryption on` turns encryption on; make the sheet after the next backup.',
    });
  }
  using view = vault.openSnapshot(newest);
  const facts = await readManifestPlist(snapshotSource(view));
  const of = { udid: newest.udid, keybag: facts?.keybag && keybagId(facts.keybag) };
  let given = await ask(false, of);
  for (;;) {
    if (facts === undefined || given === undefined) throw passwordNeeded();
    try {
      await unlockBackup(facts, given, signal);
      return given;
    } catch (error) {
      const next = isAppError(error, 'WRONG_PASSWORD') ? await ask(true, of) : undefined;
      if (next === undefined) throw error;
      given = next;
    }
  }
}

async function infoOf(vault: Vault, record: SnapshotRecord): Promise<InfoFacts | undefined> {
  using view = vault.openSnapshot(record);
  try {
    return await readInfo(snapshotSource(view));
  } catch (error) {
    // A sheet without the phone number is better than none.
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

function deviceFacts({ udid, device }: SnapshotRecord, info: InfoFacts | undefined): RecoverySheetFacts['device'] {
  return {
    name: device.name,
    model: productName(device.productType),
    iosVersion: device.productVersion,
    udid,
    serialNumber: device.serialNumber ?? info?.serialNumber,
    imei: info?.imei,
    meid: info?.meid,
    phoneNumber: info?.phoneNumber,
  };
}

/** Newest first, as the records are. */
async function passwordFacts(vault: Vault, records: readonly SnapshotRecord[]): Promise<PasswordFacts[]> {
  const dates = passwordDates(records);
  const counts = new Map<string, number>();
  for (const record of records) {
    if (!record.encrypted) continue;
    const keybag = await keybagOf(vault, record);
    counts.set(keybag, (counts.get(keybag) ?? 0) + 1);
  }
  return [...counts].map(([keybag, versions]) => ({ since: dates.get(keybag), versions }));
}

/** Records from before keybags were noted in them do not tell. */
async function keybagOf(vault: Vault, record: SnapshotRecord): Promise<string> {
  const noted = record.checks['keybag'];
  if (typeof noted === 'string') return noted;
  using view = vault.openSnapshot(record);
  try {
    const facts = await readManifestPlist(snapshotSource(view));
    return (facts?.keybag && keybagId(facts.keybag)) ?? '';
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return '';
    throw error;
  }
}

function copyFacts(
  { entry, lastDone }: CopyStatus,
  secrets: CopySecrets | undefined,
  keptKeys: typeof import('../copies/index.ts').keptKeys,
): CopyFacts {
  const { name, offSite } = entry;
  const common = { name, offSite, lastAt: lastDone?.at };
  if (entry.kind === 'folder') return { ...common, place: entry.dir, kind: 'a second vault' };
  const kept = secrets && keptKeys({ secrets }, entry);
  const key = {
    repository: kept?.repository ?? entry.repository,
    password: kept?.password,
    credentials: kept?.credentials ?? [],
  };
  return { ...common, place: entry.repository, kind: 'a restic repository, which has a password of its own', key };
}

/** Whether there is no backup password, and those of copies are all that can be printed. */
function isOnlyOfCopies(records: readonly SnapshotRecord[], copies: readonly CopyFacts[]): boolean {
  return !records.some(({ encrypted }) => encrypted) && copies.some(({ key }) => key?.password !== undefined);
}

function shareFacts(share: Share, count: number, { madeAt, product, device, vault }: RecoverySheetFacts) {
  const { number, needed, set } = share;
  const { name: deviceName, model, udid } = device;
  return { madeAt, product, deviceName, model, udid, number, count, needed, set, lines: shareLines(share), vault };
}
