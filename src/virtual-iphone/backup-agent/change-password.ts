import { stringAt, type PlistDictionary } from '../../formats/index.ts';
import { rewrapKeybag, parseKeybag } from '../../keybag/index.ts';
import { AgentError, MB_ERROR } from './agent-error.ts';
import { BackupFolder, layoutOf } from './folder/layout.ts';
import { parseManifestPlist, withKeybag } from './folder/manifest-plist.ts';
import { readFile } from './folder/read-files.ts';
import { writeFile } from './folder/write-files.ts';
import {
  changePassword,
  checkPassword,
  openWithPassword,
  removePassword,
  setPassword,
  willEncrypt,
} from './keys/backup-keys.ts';
import { askPasscode } from './passcode.ts';
import { checkTarget, reach, type Session } from './session.ts';

const DOMAIN_CHANGED = 'com.apple.mobile.backup.domain_changed';

/**
 * Serves a ChangePassword request: only a new password turns encryption on, only an old one turns it off, both change
 * it. A change also goes into the Manifest.plist of the host's folder, so that the backup there opens with the new
 * password and can be continued.
 *
 * @throws {AgentError} wrongPassword, deviceLocked @throws {HostGone}
 */
export async function changeBackupPassword(session: Session, request: PlistDictionary): Promise<void> {
  const { context } = session;
  checkTarget(session, request);
  const oldPassword = passwordAt(request, 'OldPassword');
  const newPassword = passwordAt(request, 'NewPassword');
  await askPasscode(session, { always: true });
  await reach(session, 'change-password');
  // Exactly the phones that have a password need the old one.
  if (willEncrypt(context) !== (oldPassword !== undefined)) throw wrongPassword();
  if (oldPassword === undefined) {
    if (newPassword === undefined) throw wrongPassword();
    await setPassword(context, newPassword);
  } else if (newPassword === undefined) {
    await checkPassword(context, oldPassword);
    removePassword(context);
  } else {
    const keybag = await changePassword(context, oldPassword, newPassword);
    await reach(session, 'change-password-folder');
    await rewrapInFolder(session, keybag, oldPassword, newPassword);
  }
  context.notifications.post(DOMAIN_CHANGED);
}

/** Puts the new keybag into the backup of the host, if there is one that the old password opened. */
async function rewrapInFolder(
  session: Session,
  keybag: Buffer,
  oldPassword: string,
  newPassword: string,
): Promise<void> {
  const { identity } = session.context;
  const folder = new BackupFolder(identity.udid, layoutOf(identity.productVersion));
  for (const path of [`${folder.snapshot}/Manifest.plist`, folder.file('Manifest.plist')]) {
    const bytes = await readFile(session, path);
    if (bytes === undefined) continue;
    const manifest = parseManifestPlist(bytes);
    if (!manifest.isEncrypted || manifest.keybag === undefined) return;
    const isOurs = parseKeybag(manifest.keybag).uuid.equals(parseKeybag(keybag).uuid);
    const rewrapped = isOurs ? keybag : await rewrapForeign(manifest.keybag, oldPassword, newPassword);
    await writeFile(session.link, path, withKeybag(bytes, rewrapped), 0);
    return;
  }
}

/** A backup made with an earlier keybag of this phone, or by another phone: its own keys, under the new password. */
async function rewrapForeign(keybag: Buffer, oldPassword: string, newPassword: string): Promise<Buffer> {
  const parsed = parseKeybag(keybag);
  const { iterations, doubleProtection } = parsed;
  const rounds = { iterations, doubleIterations: doubleProtection?.iterations ?? 0 };
  return (await rewrapKeybag(parsed, await openWithPassword(keybag, oldPassword), newPassword, rounds)).bytes;
}

function wrongPassword(): AgentError {
  return new AgentError(MB_ERROR.wrongPassword, 'Invalid password');
}

/** libimobiledevice sends no key, others an empty text, where there is no password. */
function passwordAt(request: PlistDictionary, key: string): string | undefined {
  return stringAt(request, key) || undefined;
}
