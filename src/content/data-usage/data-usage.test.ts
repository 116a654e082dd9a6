import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { dataUsageItems, openDataUsage } from './data-usage.ts';

test('data usage is counted by process, with counts whose process is gone apart', async () => {
  const usage = await openDataUsage(
    memoryBackup({
      'WirelessDomain:Library/Databases/DataUsage.sqlite': databaseBytes(`
        CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, ZPROCNAME, ZBUNDLENAME, ZTIMESTAMP);
        CREATE TABLE ZLIVEUSAGE (ZHASPROCESS INTEGER, ZWWANIN, ZWWANOUT, ZTIMESTAMP);
        INSERT INTO ZPROCESS VALUES (1, '1FB47783-A2FE-47D9-B256-DF50EF44BBA4/a.b', 'a.b', 100), (2, 'mDNSResponder', NULL, 1);
        INSERT INTO ZLIVEUSAGE VALUES (1, 10.0, 20.0, 5), (1, 1, 2, 6), (9, 3, 4, 7);`),
    }),
  );
  assert.ok(usage);
  assert.deepEqual(
    usage.processes.map(({ key, periods }) => [key, periods.map(({ cellularInBytes }) => cellularInBytes)]),
    [
      ['a.b a.b', [10, 1]],
      ['mDNSResponder', []],
    ],
  );
  assert.equal(usage.withoutProcess.length, 1);
  assert.deepEqual(usage.notAvailable, ['wifiInBytes', 'wifiOutBytes', 'kind', 'tag', 'billCycleEndsAt']);
  assert.equal(usage.processes[0]?.firstSeenAt, undefined);
  assert.deepEqual(
    [...dataUsageItems(usage)].map(({ title }) => title),
    ['a.b', 'mDNSResponder'],
  );
});
