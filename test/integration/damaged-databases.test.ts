/** A database that lies packed in a vault and is damaged in part: what can be read is read, and nothing takes it for the whole. */
import assert from 'node:assert/strict';
import { chmodSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openMessages } from '../../src/content/index.ts';
import { messagesDatabase } from '../../src/content/source/memory-backup.test-helper.ts';
import { encodeXmlPlist } from '../../src/formats/index.ts';
import { openForReading } from '../../src/service/index.ts';
import { createManifestDatabase, fileIdOf } from '../../src/snapshot/index.ts';
import { openVault, type SnapshotRecord } from '../../src/vault/index.ts';
import { takeSnapshot, TemporaryVault } from '../../src/vault/vault.test-helper.ts';
import { frameLength } from '../../src/vault/zstd-frame.ts';
import { encodePlainFile } from '../support/plain-backup.ts';

const MESSAGES = 15_000;
const SMS = { domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' };
const SMS_ID = fileIdOf(SMS.domain, SMS.relativePath);

describe('a packed database of which one frame is damaged', () => {
  test('gives the messages of the others and says what is lost; an export and a verification call it damaged', async () => {
    using place = new TemporaryVault();
    const record = await makeVersion(place, 0);
    spoilFrame(place, 1);
    await using opened = await openIn(place, record);
    using messages = await openMessages(opened.backup);
    const [conversation] = messages?.conversations ?? [];
    assert.ok(messages !== undefined && conversation !== undefined);
    const all = [...messages.messages(conversation)].map(({ text }) => text?.split(' ')[1]);
    assert.ok(all.length > MESSAGES / 2 && all.length < MESSAGES, `${all.length} messages`);
    assert.deepEqual([all[0], all.at(-1), new Set(all).size], ['1', String(MESSAGES), all.length]);
    const [lost, rows] = opened.backup.damages;
    assert.match(lost ?? '', /sms\.db is damaged: up to 1 MiB of it are lost or may be wrong\.$/);
    assert.match(rows ?? '', /rows of these tables could not be read: message \(at most \d+\)/);
    await assertDamaged(place, record, `${SMS_ID.slice(0, 2)}/${SMS_ID}`);
  });

  test('still leads to the other files where it is the list of all, for whoever looks and for nobody else', async () => {
    using place = new TemporaryVault();
    const record = await makeVersion(place, 6000);
    spoilFrame(place, 1, 'Manifest.db');
    const warnings: string[] = [];
    await using opened = await openIn(place, record, (warning) => warnings.push(warning));
    assert.match(warnings.join(), /Manifest\.db, is damaged: up to 1 MiB/);
    assert.deepEqual(opened.backup.damages, warnings);
    const files = [...opened.backup.manifest.entries()].length;
    assert.ok(files > 1000 && files < 6001, `${files} files`);
    using messages = await openMessages(opened.backup);
    assert.equal(messages?.count, MESSAGES);
    await assert.rejects(openIn(place, record, undefined, false), { code: 'SNAPSHOT_CORRUPT' });
    await assertDamaged(place, record, 'Manifest.db');
  });
});

/** A version with messages, and so many files more that only its list names. */
async function makeVersion(place: TemporaryVault, others: number): Promise<SnapshotRecord> {
  const path = join(place.root, 'Manifest.db');
  {
    using manifest = createManifestDatabase(path);
    const put = (domain: string, relativePath: string): void =>
      manifest.put({
        fileId: fileIdOf(domain, relativePath),
        domain,
        relativePath,
        kind: 'file',
        file: encodePlainFile(relativePath, 5),
      });
    put(SMS.domain, SMS.relativePath);
    for (let n = 0; n < others; n++) put('CameraRollDomain', `Media/DCIM/100APPLE/IMG_${n}.JPG`);
    manifest.finish();
  }
  await using vault = await place.open();
  return await takeSnapshot(vault, {
    'Manifest.db': readFileSync(path),
    'Manifest.plist': encodeXmlPlist({ IsEncrypted: false, Version: '10.0', Lockdown: { ProductVersion: '18.5' } }),
    'Status.plist': encodeXmlPlist({ SnapshotState: 'finished', Version: '3.3', IsFullBackup: true, UUID: 'X' }),
    [`${SMS_ID.slice(0, 2)}/${SMS_ID}`]: messagesDatabase(MESSAGES, 200),
  });
}

/** Overwrites the beginning of a frame of the only packed database, or of the one that is a list of files. */
function spoilFrame({ dir }: TemporaryVault, number: number, which?: 'Manifest.db'): void {
  const packed = globSync(join(dir, 'objects/*/*.zst')).map((path) => ({ path, bytes: readFileSync(path) }));
  const found = packed.toSorted((a, b) => a.bytes.length - b.bytes.length).at(which === undefined ? 0 : -1);
  assert.ok(found !== undefined && packed.length === (which === undefined ? 1 : 2));
  let at = 0;
  for (let n = 0; n < number; n++) at += frameLength(found.bytes.subarray(at)) ?? 0;
  chmodSync(found.path, 0o600);
  writeFileSync(found.path, found.bytes.fill(0x77, at, at + 100));
}

function openIn(
  place: TemporaryVault,
  { id }: SnapshotRecord,
  onWarning?: (warning: string) => void,
  readsDamaged = true,
): ReturnType<typeof openForReading> {
  const stateDir = join(place.root, 'state');
  return openForReading({ wanted: id, vaultDir: place.dir, stateDir, password: noPassword, onWarning, readsDamaged });
}

const noPassword = (): Promise<undefined> => Promise.resolve(undefined);

async function assertDamaged(place: TemporaryVault, record: SnapshotRecord, path: string): Promise<void> {
  await using vault = await openVault(place.dir, { purpose: 'a test' });
  const out = Array.fromAsync(vault.export(record, join(place.root, 'out')));
  await assert.rejects(out, { code: 'SNAPSHOT_CORRUPT', message: new RegExp(path) });
  const events = await Array.fromAsync(vault.verify());
  const problems = events.flatMap((event) => (event.kind === 'problem' ? event.problem : []));
  assert.deepEqual(
    problems.map((problem) => problem.kind === 'object' && [problem.damage, problem.fileCount]),
    [['changed', 1]],
  );
}
