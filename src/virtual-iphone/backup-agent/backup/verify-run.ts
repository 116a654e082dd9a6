import { AgentError, MB_ERROR } from '../agent-error.ts';
import { digestOfFile, readFile } from '../folder/read-files.ts';
import { reach, type Session } from '../session.ts';
import { checkFolder } from './check-folder.ts';
import type { Run } from './run.ts';
import type { SentManifest } from './send-manifest.ts';

/**
 * Reads back what describes the backup and lists what it consists of, as iOS does before it calls a backup a success.
 *
 * @throws {AgentError} corrupt @throws {HostGone}
 */
export async function verifyRun(session: Session, run: Run, sent: SentManifest & { status: Buffer }): Promise<void> {
  const { folder, ledger } = run;
  await reach(session, 'verify');
  const status = await readFile(session, folder.file('Status.plist'));
  const manifestPlist = await readFile(session, folder.file('Manifest.plist'));
  const digest = await digestOfFile(session, folder.file(folder.layout.manifestName));
  const isUnchanged =
    status?.equals(sent.status) === true &&
    manifestPlist?.equals(sent.manifestPlist) === true &&
    digest === sent.manifestDigest;
  if (!isUnchanged) throw new AgentError(MB_ERROR.corrupt, 'Manifest does not match the one that was written');
  const { lost } = await checkFolder(session.link, folder, ledger, 'place');
  if (lost !== undefined) throw new AgentError(MB_ERROR.corrupt, 'Manifest references files not in backup');
}
