import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backup } from '../../snapshot/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { fragmentItems, recoverFragments, type RecoveredFragment } from './recover-fragments.ts';

const MESSAGES = `PRAGMA secure_delete = OFF;
  CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, text TEXT, date INTEGER, is_from_me INTEGER DEFAULT 0);
  INSERT INTO message (guid, text, date, is_from_me)
    SELECT 'GUID-0000-' || i, 'Nachricht Nummer ' || i, 700000000000000000 + i * 1000000000, i % 2
    FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) SELECT i FROM n);`;

const backupAfter = (change: string): Backup =>
  memoryBackup({ 'HomeDomain:Library/SMS/sms.db': databaseBytes(MESSAGES + change) });

async function found(backup: Backup): Promise<RecoveredFragment[]> {
  return Array.fromAsync(recoverFragments(backup));
}

describe('fragments of a backup', () => {
  it('are messages that were deleted, with their time and direction', async () => {
    const fragments = await found(backupAfter('DELETE FROM message WHERE ROWID IN (50, 351)'));
    assert.deepEqual(
      new Set(fragments.map((each) => [each.kind, each.text, each.title, each.isEarlierState].join(' / '))),
      new Set([
        'messages / Nachricht Nummer 351 / Message sent / false',
        'messages / Nachricht Nummer 50 / Message received / false',
      ]),
    );
    assert.equal(fragments.find(({ text }) => text.endsWith(' 50'))?.at?.toISOString(), '2023-03-08T20:27:30.000Z');
  });

  it('are marked where a later state of the same thing is still there', async () => {
    const longer =
      "UPDATE message SET text = 'Nachricht Nummer 399, berichtigt und um einiges länger' WHERE ROWID = 399";
    const fragments = await found(backupAfter(longer));
    assert.deepEqual(
      fragments.map(({ text, isEarlierState }) => [text, isEarlierState]),
      [['Nachricht Nummer 399', true]],
    );
  });

  it('are not what is there as it was', async () => {
    assert.deepEqual(await found(backupAfter('VACUUM')), []);
    assert.deepEqual(await found(memoryBackup({})), []);
  });

  it('are searched by what they hold', async () => {
    const items = await Array.fromAsync(fragmentItems(backupAfter('DELETE FROM message WHERE ROWID = 7')));
    assert.deepEqual(
      items.map(({ kind, text }) => [kind, text]),
      [['fragments', 'Nachricht Nummer 7']],
    );
  });

  it('are left alone in a file that is no database', async () => {
    assert.deepEqual(await found(memoryBackup({ 'HomeDomain:Library/SMS/sms.db': Buffer.alloc(5000, 7) })), []);
  });
});
