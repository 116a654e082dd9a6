/** The passwords of backups among the sealed secrets: by device, and by the keybag they open once that is known. */
import type { SecretStore } from './secret-store.ts';

/** Which backup a password is wanted for. */
export interface PasswordOf {
  readonly udid?: string | undefined;
  /** As `keybagId` names it. */
  readonly keybag?: string | undefined;
}

/** Each try takes seconds. */
const MAX_CANDIDATES = 4;

const folderOf = (udid: string): string => `backup-password/${udid}/`;

/**
 * The passwords that are kept and may open a backup, the likeliest first: that of its keybag, then the newest of the
 * same device that no backup has been met for yet, then others of the device.
 *
 * @throws {AppError} SECRETS_UNREADABLE
 */
export function keptPasswords(store: SecretStore, { udid, keybag }: PasswordOf): string[] {
  if (udid === undefined) return [];
  const folder = folderOf(udid);
  const names = store.names().filter((name) => name.startsWith(folder));
  const rank = (name: string): number =>
    name === `${folder}${keybag}` ? 0 : name.startsWith(`${folder}since-`) ? 1 : 2;
  const likeliest = names.toSorted((a, b) => rank(a) - rank(b) || timeOf(store, b) - timeOf(store, a));
  return [...new Set(likeliest.flatMap((name) => store.get(name) ?? []))].slice(0, MAX_CANDIDATES);
}

/** Whether the password of exactly this keybag is kept. @throws {AppError} SECRETS_UNREADABLE */
export function isPasswordKept(store: SecretStore, { udid, keybag }: PasswordOf): boolean {
  return udid !== undefined && keybag !== undefined && store.setAt(`${folderOf(udid)}${keybag}`) !== undefined;
}

/**
 * Keeps the password of a keybag, or of one that is still to come: a device makes it with its next backup.
 *
 * @throws {AppError} SECRETS_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE
 */
export function keepPassword(
  store: SecretStore,
  of: { udid: string; keybag: string | undefined },
  password: string,
): void {
  store.set(`${folderOf(of.udid)}${of.keybag ?? `since-${new Date().toISOString()}`}`, password);
}

/** Forgets all that is kept for a device. @returns how many there were */
export function forgetPasswords(store: SecretStore, udid: string): number {
  const names = store.names().filter((name) => name.startsWith(folderOf(udid)));
  return names.filter((name) => store.delete(name)).length;
}

const timeOf = (store: SecretStore, name: string): number => store.setAt(name)?.getTime() ?? 0;
