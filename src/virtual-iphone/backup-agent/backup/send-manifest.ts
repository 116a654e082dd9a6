import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { decodeExtendedAttributes, decodeMbFile, encodeMbdb, type MbdbRecord } from '../../../snapshot/index.ts';
import { encodeManifestPlist } from '../folder/manifest-plist.ts';
import { writeFile, writeLocalFile } from '../folder/write-files.ts';
import { manifestKeyOf } from '../keys/backup-keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { reach, type Session } from '../session.ts';
import type { HostLink } from '../wire/host-link.ts';
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
  ledger.complete();
  const path = `${folder.snapshot}/${folder.layout.manifestName}`;
  const manifestDigest = await (folder.layout.isFlat
    ? sendRecords(link, path, ledger)
    : sendDatabase(link, path, ledger, manifestKey?.key));
  ledger.setFacts({ ...ledger.facts, state: 'moving', manifestDigest });
  return { manifestPlist, manifestDigest };
}

/** The database itself, as it lies on the phone. */
function sendDatabase(link: HostLink, path: string, ledger: Ledger, key: Buffer | undefined): Promise<string> {
  return writeLocalFile(link, path, ledger.manifestPath, key, statSync(ledger.manifestPath).size);
}

/** Manifest.mbdb, made of what the database says. It was never encrypted. */
async function sendRecords(link: HostLink, path: string, ledger: Ledger): Promise<string> {
  const bytes = encodeMbdb(recordsOf(ledger));
  await writeFile(link, path, bytes, 99);
  return hash('sha1', bytes);
}

function* recordsOf(ledger: Ledger): Generator<MbdbRecord> {
  for (const { domain, file } of ledger.entries()) {
    const {
      modifiedAt = EPOCH,
      statusChangedAt = EPOCH,
      sizeBytes = 0,
      extendedAttributes,
      ...rest
    } = decodeMbFile(file);
    const attributes = extendedAttributes ? decodeExtendedAttributes(extendedAttributes) : [];
    yield {
      ...rest,
      domain,
      modifiedAt,
      accessedAt: modifiedAt,
      statusChangedAt,
      sizeBytes,
      properties: Array.from(attributes, ([name, value]) => ({ name, value })),
    };
  }
}

const EPOCH = new Date(0);
