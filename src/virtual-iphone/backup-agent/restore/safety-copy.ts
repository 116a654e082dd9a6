import { asDictionary, decodePlist, encodeXmlPlist } from '../../../formats/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import { readFile } from '../folder/read-files.ts';
import { writeFile } from '../folder/write-files.ts';
import { reach, type Session } from '../session.ts';
import { copyItem, freeDiskBytes, listDirectory } from '../wire/file-operations.ts';

/**
 * Has the host copy the backup it holds of this phone, as iOS does before it restores unless told not to: what is on
 * the phone now is about to be replaced.
 *
 * @throws {AgentError} @throws {HostGone}
 */
export async function copyExistingBackup(session: Session): Promise<void> {
  const { link, context } = session;
  const { udid, name } = context.identity;
  await reach(session, 'restore-copy');
  if ((await listDirectory(link, udid)).size === 0) return;
  const free = await freeDiskBytes(link);
  if (free === 0) throw new AgentError(MB_ERROR.computerFull, 'Insufficient free disk space to copy the backup');
  const copy = `${udid}-${stampOf(context.clock.now())}`;
  await copyItem(link, udid, copy, context.disk.totalBytes());
  const info = await readFile(session, `${copy}/Info.plist`);
  if (info === undefined) return;
  const renamed = { ...asDictionary(decodePlist(info)), 'Display Name': `${name} ${copy.slice(udid.length + 1)}` };
  await writeFile(link, `${copy}/Info.plist`, encodeXmlPlist(renamed), 0);
}

/** "20261122-110405" */
function stampOf(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
