/** A phone whose past is in the vault, and what it must hold once a part of that past was brought back. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findLocations, openDevice, parseMuxAddress, type DeviceLocation } from '../../src/device/index.ts';
import {
  composeBackup,
  gatherParts,
  parseChoice,
  planSelection,
  restore,
  type ComposedBackup,
  type SelectionPlan,
} from '../../src/restore/index.ts';
import { openBackup, verifyDeep, type Backup, type BackupSource } from '../../src/snapshot/index.ts';
import { snapshotSource } from '../../src/service/index.ts';
import type { Vault } from '../../src/vault/index.ts';
import { PhoneAndVault } from '../integration/phone-and-vault.ts';
import type { Contents } from './compare.ts';

/** Whether a place, written `domain path` as in `Contents`, belongs to what was chosen. */
export type IsChosen = (place: string) => boolean;

/** Everything of `now`, with what is chosen as `then` had it. */
export function exchanged(now: Contents, then: Contents, isChosen: IsChosen): Map<string, string> {
  const mixed = new Map<string, string>();
  for (const [place, content] of now) if (!isChosen(place)) mixed.set(place, content);
  for (const [place, content] of then) if (isChosen(place)) mixed.set(place, content);
  return mixed;
}

export const sorted = (contents: Contents): [string, string][] =>
  [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Opens a snapshot of a vault, or any other backup. */
export function openSnapshot(vault: Vault, id: string, password: string | undefined): Promise<Backup> {
  return openBackup(snapshotSource(vault.openSnapshot(vault.findSnapshot(id))), { password });
}

export interface Composition {
  readonly choice: string;
  /** Ids of snapshots in the vault of the phone, unless a source is given. */
  readonly current: string;
  readonly older: string | BackupSource;
  readonly currentPassword?: string | undefined;
  readonly olderPassword?: string | undefined;
  readonly allowDecryption?: boolean;
  readonly signal?: AbortSignal;
}

/** Composes, and hands what came of it over for as long as `use` takes. */
export async function compose<T>(
  both: PhoneAndVault,
  wanted: Composition,
  use: (composed: ComposedBackup, plan: SelectionPlan) => Promise<T>,
): Promise<T> {
  await using vault = await both.openVault('none');
  using current = await openSnapshot(vault, wanted.current, wanted.currentPassword);
  using older =
    typeof wanted.older === 'string'
      ? await openSnapshot(vault, wanted.older, wanted.olderPassword)
      : await openBackup(wanted.older, { password: wanted.olderPassword });
  const gathered = await gatherParts(older, parseChoice(wanted.choice), wanted.signal);
  const workDir = join(both.directory, 'work');
  await mkdir(workDir, { recursive: true });
  const { signal } = wanted;
  const allowDecryption = wanted.allowDecryption === true;
  const plan = await planSelection({ current, gathered, allowDecryption, signal });
  using composed = await lastOf(composeBackup({ current, gathered, plan, workDir, signal }));
  return await use(composed, plan);
}

/** Proves a composed backup, restores it to the phone and waits until the phone has restarted. */
export async function restoreComposed(
  both: PhoneAndVault,
  { backup, options }: ComposedBackup,
  password?: string,
): Promise<void> {
  await assertSound(backup);
  {
    await using device = await openDevice({ location: await locationOf(both), pairRecords: both.pairRecords });
    const source = { backup, udid: both.phone.udid, password };
    for await (const _ of restore({ device, source, options: { ...options, reboot: false } }));
  }
  both.phone.reboot();
  assert.deepEqual(both.phone.breaches.list(), []);
}

/** Every file there, what its digest says, decrypting. */
export async function assertSound(backup: Backup): Promise<void> {
  for await (const event of verifyDeep(backup)) {
    if (event.kind === 'finding') assert.fail(JSON.stringify(event.finding));
  }
}

/** The phone's next backup is whole, and holds what the phone holds. @returns its id */
export async function backUpAgain(both: PhoneAndVault, password?: string): Promise<string> {
  const { snapshot } = await both.backUp({ location: await locationOf(both) });
  await using vault = await both.openVault('none');
  using backup = await openSnapshot(vault, snapshot, password);
  await assertSound(backup);
  return snapshot;
}

async function lastOf<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
  }
}

/** Where the phone is now: it comes back under another number when it has restarted. */
async function locationOf({ directory, pairRecords }: PhoneAndVault): Promise<DeviceLocation> {
  const muxAddress = parseMuxAddress(`UNIX:${join(directory, 'mux')}`);
  const [location] = await findLocations({ muxAddress, store: pairRecords });
  assert.ok(location !== undefined);
  return location;
}
