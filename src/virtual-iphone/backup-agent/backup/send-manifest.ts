import { statSync } from 'node:fs';
import { encodeManifestPlist } from '../folder/manifest-plist.ts';
import { writeFile, writeLocalFile } from '../folder/write-files.ts';
import { manifestKeyOf } from '../keys/backup-keys.ts';
import { reach, type Session } from '../session.ts';
import type { Run } from './run.ts';

/** What the host must now have, to be compared in the end. */
export interface SentManifest {
  readonly manifestPlist: Buffer;
  /** SHA-1 of Manifest.db or Manifest.mbdb as it was sent, in hexadecimal. */
  readonly manifestDigest: string;
}

/** Sends Manifest.plist and the manifest itself into Snapshot/. @throws {AgentError} @throws {HostGone} */
export async function sendManifest(session: Session, run: Run): Promise<SentManifest> {
  const { link, context } = session;
  const { folder, ledger, keys, keybag, startedAt } = run;
  await reach(session, 'manifest');
  const manifestKey = keys && manifestKeyOf(context, keys);
  const manifestPlist = encodeManifestPlist(context, folder.layout, {
    date: startedAt,
    keybag,
    manifestKey: manifestKey?.wrapped,
  });
  await writeFile(link, `${folder.snapshot}/Manifest.plist`, manifestPlist, 99);
  ledger.createIndexes();
  ledger.checkpoint();
  const manifestDigest = await writeLocalFile(
    link,
    `${folder.snapshot}/${folder.layout.manifestName}`,
    ledger.manifestPath,
    manifestKey?.key,
    statSync(ledger.manifestPath).size,
  );
  ledger.setFacts({ ...ledger.facts, state: 'moving', manifestDigest });
  return { manifestPlist, manifestDigest };
}
