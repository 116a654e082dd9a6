/** Requests that take no more than a look at the folder, or not even that. */
import { booleanAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { AgentError, MB_ERROR } from './agent-error.ts';
import { BackupFolder, layoutOf } from './folder/layout.ts';
import { parseManifestPlist, type ManifestFacts } from './folder/manifest-plist.ts';
import { readFile } from './folder/read-files.ts';
import { parseStatusPlist, type BackupStatus } from './folder/status-plist.ts';
import { checkTarget, type Session } from './session.ts';
import { AGENT_SETTINGS } from './settings.ts';

export function enableCloudBackup({ context }: Session, request: PlistDictionary): Promise<void> {
  if (context.settings.get(AGENT_SETTINGS.cloudAccount) !== true) {
    return Promise.reject(new AgentError(MB_ERROR.noCloudAccount, 'No iCloud account'));
  }
  context.settings.set(AGENT_SETTINGS.cloudBackup, booleanAt(request, 'CloudBackupState') === true);
  return Promise.resolve();
}

/** The phone restarts afterwards and knows nobody any more. */
export function eraseDevice(session: Session, request: PlistDictionary): Promise<{ reboots: boolean }> {
  const { context } = session;
  checkTarget(session, request);
  if (context.settings.get(AGENT_SETTINGS.findMy) === true) {
    return Promise.reject(new AgentError(MB_ERROR.findMyOn, 'Find My iPhone must be disabled'));
  }
  context.erase();
  return Promise.resolve({ reboots: true });
}

/** A few lines of text about the backup in the host's folder. */
export async function tellInfo(session: Session, request: PlistDictionary): Promise<{ content: string }> {
  const { status, manifest } = await describe(session, request);
  const lines = [
    `Date: ${status.date.toISOString()}`,
    `Version: ${status.version}`,
    `State: ${status.snapshotState}`,
    `Encrypted: ${manifest?.isEncrypted === true ? 'Yes' : 'No'}`,
  ];
  return { content: `${lines.join('\n')}\n` };
}

/** The same as comma-separated values, with a line of headings. */
export async function tellList(session: Session, request: PlistDictionary): Promise<{ content: string }> {
  const { status, manifest } = await describe(session, request);
  const values = [status.uuid, status.date.toISOString(), status.snapshotState, manifest?.isEncrypted === true];
  return { content: `UUID,Date,State,Encrypted\n${values.join(',')}\n` };
}

async function describe(
  session: Session,
  request: PlistDictionary,
): Promise<{ status: BackupStatus; manifest: ManifestFacts | undefined }> {
  const { identity } = session.context;
  const source = stringAt(request, 'SourceIdentifier') ?? stringAt(request, 'TargetIdentifier') ?? identity.udid;
  const folder = new BackupFolder(source, layoutOf(identity.productVersion));
  const status = await readFile(session, folder.file('Status.plist'));
  if (status === undefined) throw new AgentError(MB_ERROR.noBackup, 'No backup');
  const manifest = await readFile(session, folder.file('Manifest.plist'));
  return { status: parseStatusPlist(status), manifest: manifest && parseManifestPlist(manifest) };
}
