import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeBinaryPlist } from '../formats/index.ts';
import { describeBackupTarget } from '../shared/target/backup-target.test-helper.ts';
import { openFolderTarget } from './folder-target.ts';
import { jobTarget, type StatusNote } from './job-target.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

describeBackupTarget('the target of a job', async () => {
  const job = await newJob(0);
  return { target: job.target, udid: UDID, close: () => job[Symbol.asyncDispose]() };
});

describe('the target of a job', () => {
  test('hears what the device writes about itself, in pieces or garbled', async () => {
    await using job = await newJob(0);
    const status = encodeBinaryPlist({ SnapshotState: 'uploading', IsFullBackup: true });
    for (const content of [status, Buffer.from('garbage'), Buffer.alloc(100_000)]) {
      const sink = await job.target.create(`${UDID}/Status.plist`);
      await sink.write(content.subarray(0, 10));
      await sink.write(content.subarray(10));
      await sink.finish();
      const { sizeBytes } = await job.target.read(`${UDID}/Status.plist`);
      assert.equal(sizeBytes, content.length);
    }
    assert.deepEqual(job.notes, [{ snapshotState: 'uploading', isFullBackup: true }]);
  });

  test('hears of a state that is written elsewhere and moved to its place', async () => {
    await using job = await newJob(0);
    const sink = await job.target.create(`${UDID}/Snapshot/Status.plist`);
    await sink.write(encodeBinaryPlist({ SnapshotState: 'finished', IsFullBackup: false }));
    await sink.finish();
    assert.deepEqual(job.notes, []);
    await job.target.move(`${UDID}/Snapshot/Status.plist`, `${UDID}/Status.plist`);
    assert.deepEqual(job.notes, [{ snapshotState: 'finished', isFullBackup: false }]);
  });

  test('keeps its reserve out of what it calls free', async () => {
    await using job = await newJob(1e18);
    assert.equal(await job.target.freeBytes(), 0);
  });
});

async function newJob(reserveBytes: number) {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const notes: StatusNote[] = [];
  const inner = await openFolderTarget(folder, { udids: [UDID] });
  const target = jobTarget(inner, { udid: UDID, reserveBytes, onStatus: (note) => notes.push(note) });
  return { target, notes, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
