import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal, type PlistDictionary, type PlistValue } from '../../../formats/index.ts';
import { PhoneBench } from '../testing/phone-bench.ts';

const EMPTY = '___EmptyParameterString___';
const NOW = new Date(0);

/** Answers that an iPhone puts up with, or does not, and that no good host gives: one for each rule that is reported. */
const ANSWERS: readonly { what: string; at: string; value?: PlistValue; code?: number; rule: string; ends?: number }[] =
  [
    { what: 'a listing that is a list', at: 'DLContentsOfDirectory', value: [], rule: 'devicelink.listing', ends: 11 },
    {
      what: 'a listing that is left out',
      at: 'DLContentsOfDirectory',
      value: EMPTY,
      rule: 'devicelink.listing',
      ends: 11,
    },
    ...Object.entries({
      'no dictionary': 'file',
      'no type': { DLFileSize: 1, DLFileModificationDate: NOW },
      'a type there is not': { DLFileType: 'Folder', DLFileSize: 1, DLFileModificationDate: NOW },
      'a number as its type': { DLFileType: 1, DLFileSize: 1, DLFileModificationDate: NOW },
      'no size': { DLFileType: 'DLFileTypeRegular', DLFileModificationDate: NOW },
      'a negative size': { DLFileType: 'DLFileTypeRegular', DLFileSize: -1, DLFileModificationDate: NOW },
      'a real as its size': {
        DLFileType: 'DLFileTypeRegular',
        DLFileSize: new PlistReal(1.5),
        DLFileModificationDate: NOW,
      },
      'a text as its size': { DLFileType: 'DLFileTypeRegular', DLFileSize: '1', DLFileModificationDate: NOW },
      'no date': { DLFileType: 'DLFileTypeRegular', DLFileSize: 1 },
      'a number as its date': { DLFileType: 'DLFileTypeRegular', DLFileSize: 1, DLFileModificationDate: 0 },
    }).map(([what, entry]) => ({
      what: `an entry with ${what}`,
      at: 'DLContentsOfDirectory',
      value: { 'notes.txt': entry } as PlistDictionary,
      rule: 'devicelink.listing',
    })),
    ...['', '.', '..', 'a/b', 'a\0b'].map((name) => ({
      what: `an entry called ${JSON.stringify(name)}`,
      at: 'DLContentsOfDirectory',
      value: { [name]: { DLFileType: 'DLFileTypeRegular', DLFileSize: 1, DLFileModificationDate: NOW } },
      rule: 'devicelink.listing',
    })),
    { what: 'free space as text', at: 'DLMessageGetFreeDiskSpace', value: '1000000', rule: 'devicelink.free-space' },
    {
      what: 'free space as a real',
      at: 'DLMessageGetFreeDiskSpace',
      value: new PlistReal(1e12),
      rule: 'devicelink.free-space',
    },
    { what: 'free space below nothing', at: 'DLMessageGetFreeDiskSpace', value: -1, rule: 'devicelink.free-space' },
    { what: 'free space left out', at: 'DLMessageGetFreeDiskSpace', value: EMPTY, rule: 'devicelink.free-space' },
    { what: 'a value where none is due', at: 'DLMessageCreateDirectory', value: 1, rule: 'devicelink.status-value' },
    { what: 'a code there is not', at: 'DLMessageGetFreeDiskSpace', code: -99, rule: 'devicelink.status-code' },
  ];

describe('the phone reports, of the answers of a host,', () => {
  for (const { what, at, value = EMPTY, code = 0, rule, ends = 0 } of ANSWERS) {
    test(what, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      // A folder that holds something, but not what the phone wrote down: it lists it before it starts over.
      await bench.backUp();
      bench.folder.remove(`${bench.udid}/Manifest.db`);
      let answered = 0;
      const { response } = await bench.ask(
        { MessageName: 'Backup' },
        {
          before: ([name], host) => {
            if (name !== at || answered++ > 0) return false;
            host.status(code, '', value);
            return true;
          },
        },
      );
      assert.deepEqual([...new Set(bench.breaches)], [rule]);
      assert.equal(response['ErrorCode'], ends);
    });
  }

  test('bytes purged that are no number', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(1);
    bench.folder.freeBytes = 10;
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name], host) => {
          if (name !== 'DLMessagePurgeDiskSpace') return false;
          host.status(0, '', 'some');
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 105);
    assert.deepEqual(bench.breaches, ['devicelink.purge']);
  });

  test('a multi-status for a single item, unless it names just that', async () => {
    for (const [path, isUnderstood] of [
      ['U', true],
      ['other', false],
    ] as const) {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      let answered = 0;
      const { host, ended } = bench.connect();
      await host.greet();
      host.manners = {
        before: ([name]) => {
          if (name !== 'DLMessageCreateDirectory' || answered++ > 0) return false;
          host.multiStatus(new Map([[path === 'U' ? bench.udid : path, -7]]));
          return true;
        },
      };
      const asked = host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid });
      if (isUnderstood) assert.equal((await asked)['ErrorCode'], 0);
      else await assert.rejects(asked, /hung up/);
      host.close();
      await ended;
      assert.deepEqual(bench.breaches, isUnderstood ? [] : ['devicelink.multi-status']);
    }
  });

  test('words that come with something else than a text', async () => {
    await using bench = await PhoneBench.start();
    const { host, ended } = bench.connect();
    await host.greet();
    host.send('DLMessagePing', 1);
    host.send('DLMessageDisconnect');
    await ended;
    assert.deepEqual(bench.breaches, ['devicelink.word', 'devicelink.word']);
  });

  test('requests that hold values of other types', async () => {
    for (const request of [
      { SourceIdentifier: 1 },
      { Options: 'full' },
      { Options: { ForceFullBackup: 1 } },
    ] satisfies PlistDictionary[]) {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      await bench.ask({ MessageName: 'Backup', ...request });
      assert.deepEqual(bench.breaches, ['mobilebackup2.request-types']);
    }
  });

  test('requests that are meant for another phone', async () => {
    for (const MessageName of ['Backup', 'Restore', 'ChangePassword', 'EraseDevice']) {
      await using bench = await PhoneBench.start();
      const { host, ended } = bench.connect();
      await host.greet();
      await assert.rejects(host.request({ MessageName, TargetIdentifier: 'another' }), /hung up/);
      await ended;
      assert.deepEqual(bench.breaches, ['mobilebackup2.target-identifier']);
    }
  });
});
