/**
 * The keys of encrypted backups, as the phone keeps them: the keybag that goes into every Manifest.plist, wrapped by
 * the owner's password, and the same class keys wrapped by a key of the phone, so that it can back up without asking.
 */
import { hash } from 'node:crypto';
import {
  createKeybag,
  parseKeybag,
  rewrapKeybag,
  unlockKeybag,
  type ClassKeys,
  type CreatedKeybag,
  type CreateKeybagOptions,
} from '../../../keybag/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { SETTINGS, type PhoneContext } from '../../context.ts';
import { rewrapKeychain } from '../../library/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';

export interface BackupKeys {
  /** As it stands in Manifest.plist. */
  readonly keybag: Buffer;
  readonly classKeys: ClassKeys;
}

const KEYBAG_SETTING = 'backup.keybag';
const DEVICE_KEYBAG_SETTING = 'backup.deviceKeybag';
const PLAIN_KEYBAG_SETTING = 'backup.plainKeybag';
const DEVICE_ROUNDS = { iterations: 1, doubleIterations: 0 };
/** Manifest.db is encrypted for this protection class. */
const MANIFEST_CLASS = 4;

export function willEncrypt({ settings }: PhoneContext): boolean {
  return settings.get(SETTINGS.willEncrypt) === true;
}

/** The keys, when backups are encrypted. */
export async function loadBackupKeys(context: PhoneContext): Promise<BackupKeys | undefined> {
  if (!willEncrypt(context)) return undefined;
  const keybag = bytesIn(context, KEYBAG_SETTING);
  const deviceKeybag = bytesIn(context, DEVICE_KEYBAG_SETTING);
  if (keybag === undefined || deviceKeybag === undefined) {
    throw new AgentError(MB_ERROR.wrongPassword, 'Backup keybag is missing');
  }
  return { keybag, classKeys: await unlockKeybag(parseKeybag(deviceKeybag), deviceSecret(context)) };
}

/** The keybag that an unencrypted backup carries: never opened, but always there. */
export async function plainKeybag(context: PhoneContext): Promise<Buffer> {
  const kept = bytesIn(context, PLAIN_KEYBAG_SETTING);
  if (kept !== undefined) return kept;
  const { bytes } = await createKeybag('', DEVICE_ROUNDS);
  context.settings.set(PLAIN_KEYBAG_SETTING, bytes.toString('base64'));
  return bytes;
}

/** Turns encryption on, with new keys. Every file will have to be sent again. */
export async function setPassword(context: PhoneContext, password: string): Promise<void> {
  const created = await createKeybag(password, roundsOf(context));
  await keep(context, created);
  context.settings.set(SETTINGS.willEncrypt, true);
  rewrapKeychain(context.disk, created.classKeys);
}

/** Turns encryption on for a phone that was given a backup password before it was started, unless it has one. */
export async function encryptBackups(context: PhoneContext, password: string | undefined): Promise<void> {
  if (password !== undefined && !willEncrypt(context)) await setPassword(context, password);
}

export function removePassword({ disk, settings }: PhoneContext): void {
  settings.set(SETTINGS.willEncrypt, false);
  settings.delete(KEYBAG_SETTING);
  settings.delete(DEVICE_KEYBAG_SETTING);
  rewrapKeychain(disk);
}

/** No password and no keys, of none of its backups. */
export function forgetKeys({ settings }: PhoneContext): void {
  for (const name of [SETTINGS.willEncrypt, KEYBAG_SETTING, DEVICE_KEYBAG_SETTING, PLAIN_KEYBAG_SETTING]) {
    settings.delete(name);
  }
}

/** Wraps the same keys by another password: what was sent stays readable. @throws {AgentError} wrongPassword */
export async function changePassword(context: PhoneContext, oldPassword: string, newPassword: string): Promise<Buffer> {
  const classKeys = await openWithPassword(bytesIn(context, KEYBAG_SETTING), oldPassword);
  const old = bytesIn(context, KEYBAG_SETTING) ?? Buffer.alloc(0);
  const rewrapped = await rewrapKeybag(parseKeybag(old), classKeys, newPassword, roundsOf(context));
  await keep(context, rewrapped);
  return rewrapped.bytes;
}

/** @throws {AgentError} wrongPassword, also when there is no password to be right */
export async function checkPassword(context: PhoneContext, password: string | undefined): Promise<void> {
  await openWithPassword(bytesIn(context, KEYBAG_SETTING), password);
}

/** Opens a keybag that came with a backup. @throws {AgentError} wrongPassword */
export async function openWithPassword(keybag: Buffer | undefined, password: string | undefined): Promise<ClassKeys> {
  if (keybag !== undefined && password !== undefined) {
    try {
      return await unlockKeybag(parseKeybag(keybag), password);
    } catch (error) {
      if (!isAppError(error, 'WRONG_PASSWORD', 'FORMAT_INVALID')) throw error;
    }
  }
  throw new AgentError(MB_ERROR.wrongPassword, 'Invalid password');
}

/** The key Manifest.db is encrypted with: the same for all backups with one keybag. */
export function manifestKeyOf(
  context: PhoneContext,
  { keybag, classKeys }: BackupKeys,
): { key: Buffer; wrapped: Buffer } {
  const key = hash('sha256', `${deviceSecret(context)}:manifest:${parseKeybag(keybag).uuid.toString('hex')}`, 'buffer');
  return { key, wrapped: classKeys.wrapFileKey(MANIFEST_CLASS, key) };
}

/**
 * Makes the keys of files: random to everybody else, the same for the same version of the same file, so that a file
 * that did not change is not sent again, and two computers receive the same bytes.
 */
export function fileKeyMaker(context: PhoneContext): (id: string, version: number) => Buffer {
  const secret = deviceSecret(context);
  return (id, version) => hash('sha256', `${secret}:${id}:${version}`, 'buffer');
}

/** The key that never leaves this phone, as text. */
function deviceSecret({ identity }: PhoneContext): string {
  return hash('sha256', `the key fused into ${identity.udid}`);
}

async function keep(context: PhoneContext, { keybag, bytes, classKeys }: CreatedKeybag): Promise<void> {
  const forDevice = await rewrapKeybag(keybag, classKeys, deviceSecret(context), DEVICE_ROUNDS);
  context.settings.set(KEYBAG_SETTING, bytes.toString('base64'));
  context.settings.set(DEVICE_KEYBAG_SETTING, forDevice.bytes.toString('base64'));
}

/** The second derivation came with iOS 10.2. */
function roundsOf({ backup, identity }: PhoneContext): CreateKeybagOptions {
  const [major = 0, minor = 0] = identity.productVersion.split('.').map(Number);
  const hasOuter = major > 10 || (major === 10 && minor >= 2);
  return { iterations: backup.keybagRounds.inner, doubleIterations: hasOuter ? backup.keybagRounds.outer : 0 };
}

function bytesIn({ settings }: PhoneContext, name: string): Buffer | undefined {
  const text = settings.get(name);
  return typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
}
