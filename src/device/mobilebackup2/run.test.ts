import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MobileBackupEvent } from './events.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import { backUp, converse, UDID } from './scripted-phone.test-helper.ts';

const NOTHING = '___EmptyParameterString___';

for (const slow of [false, true]) {
  describe(`runMobileBackup with a target that answers ${slow ? 'later' : 'at once'}`, () => {
    test('shakes hands, passes on the request and says goodbye', async () => {
      let goodbye: unknown;
      const { result, events } = await converse(async (phone) => {
        assert.deepEqual(await phone.greet(), {
          MessageName: 'Backup',
          TargetIdentifier: UDID,
          SourceIdentifier: UDID,
          Options: { ForceFullBackup: false },
        });
        await phone.respond(0, { Content: 'text' });
        goodbye = await phone.link.readMessage();
      });
      assert.deepEqual(await result, { content: 'text' });
      assert.deepEqual(goodbye, ['DLMessageDisconnect', NOTHING]);
      assert.deepEqual(phasesIn(events), ['handshake', 'waiting', 'finishing']);
    });

    test('answers an old device in its version', async () => {
      const { result } = await converse(async (phone) => {
        await phone.greet(150);
        assert.deepEqual(await phone.ask('DLMessageMoveFiles', { [`${UDID}/a`]: `${UDID}/b` }), [
          -13,
          'Multi status',
          { [`${UDID}/a`]: { DLFileErrorCode: -6, DLFileErrorString: `${UDID}/a: not-found` } },
        ]);
        assert.deepEqual(await phone.ask('DLMessageRemoveDirectory', `${UDID}/a`), [0, NOTHING, {}]);
        assert.deepEqual(await phone.ask('DLMessageRemoveFiles', [`${UDID}/a`]), [0, NOTHING, {}]);
        await phone.respond(0);
      });
      await result;
    });

    test('receives files: in pieces, empty, and ended early by the device', async () => {
      const job = await backUp(
        async (phone) => {
          const answer = await phone.upload([
            { path: `${UDID}/Snapshot/ab/one`, pieces: ['one ', '', 'two'] },
            { path: `${UDID}/Snapshot/ab/empty` },
            { path: `${UDID}/Snapshot/ab/part`, pieces: ['part'], end: 0x0b, text: 'modified while reading' },
            { path: `${UDID}/Snapshot/ab/gone`, end: 0x06, text: 'no such file' },
            { path: `${UDID}/Snapshot/ab/last`, pieces: ['last'] },
          ]);
          assert.deepEqual(answer, [0, NOTHING, {}]);
        },
        { target: newTarget(slow) },
      );
      await job.result;
      assert.deepEqual(
        [...job.target.files].map(([path, content]) => [path.slice(UDID.length + 13), content.toString()]),
        [
          ['one', 'one two'],
          ['empty', ''],
          ['part', 'part'],
          ['last', 'last'],
        ],
      );
      assert.deepEqual(warningsIn(job.events), [
        { kind: 'file-incomplete', path: `${UDID}/Snapshot/ab/part`, status: -11, text: 'modified while reading' },
        { kind: 'file-incomplete', path: `${UDID}/Snapshot/ab/gone`, status: -6, text: 'no such file' },
      ]);
      assert.equal(job.target.openSinks, 0);
    });

    test('sends files in small pieces, and says which it does not have', async () => {
      const memory = newTarget(slow);
      memory.files.set(`${UDID}/x`, Buffer.from('hello'));
      memory.files.set(`${UDID}/empty`, Buffer.alloc(0));
      memory.files.set(`${UDID}/large`, Buffer.alloc(1_000_000, 'large '));
      const job = await backUp(
        async (phone) => {
          const { files, answer } = await phone.download(
            ['Status.plist', 'x', './x', 'empty', 'large'].map((name) => `${UDID}/${name}`),
          );
          assert.deepEqual(files.get(`${UDID}/x`), { content: Buffer.from('hello'), code: 0, text: '' });
          assert.equal(files.get(`${UDID}/empty`)?.code, 0);
          assert.ok(files.get(`${UDID}/large`)?.content.equals(Buffer.alloc(1_000_000, 'large ')));
          assert.deepEqual([files.get(`${UDID}/Status.plist`)?.code, files.get(`${UDID}/./x`)?.code], [6, 6]);
          assert.deepEqual(answer.slice(0, 2), [-13, 'Multi status']);
          assert.deepEqual(Object.keys(Object(answer[2])), [`${UDID}/Status.plist`, `${UDID}/./x`]);
          // Phones are known to ask for no files at all in a restore, and to wait for the end of that.
          assert.deepEqual(await phone.download([]), { files: new Map(), answer: [0, NOTHING, {}] });
        },
        { target: memory },
      );
      await job.result;
    });

    test('lists, makes, moves, copies, removes, and tells the space there is', async () => {
      const memory = newTarget(slow);
      memory.files.set(`${UDID}/a`, Buffer.from('12345'));
      const job = await backUp(
        async (phone) => {
          assert.deepEqual(await phone.ask('DLContentsOfDirectory', UDID, {}, 0), [
            0,
            NOTHING,
            { a: { DLFileType: 'DLFileTypeRegular', DLFileSize: 5, DLFileModificationDate: new Date(0) } },
          ]);
          assert.deepEqual(await phone.ask('DLContentsOfDirectory', `${UDID}/Snapshot`, {}, 0), [0, NOTHING, {}]);
          assert.deepEqual(await phone.ask('DLMessageCreateDirectory', `${UDID}/ab`, NOTHING, 0), [
            0,
            NOTHING,
            NOTHING,
          ]);
          const moves = { [`${UDID}/a`]: `${UDID}/b`, [`${UDID}/missing`]: `${UDID}/c` };
          assert.deepEqual((await phone.ask('DLMessageMoveItems', moves, {}, 1)).slice(0, 2), [-13, 'Multi status']);
          assert.deepEqual(await phone.ask('DLMessageCopyItem', `${UDID}/b`, `${UDID}/d`, {}, 0, 5), [
            0,
            NOTHING,
            NOTHING,
          ]);
          assert.equal((await phone.ask('DLMessageCopyItem', `${UDID}/no`, `${UDID}/d`, {}, 0, 5))[0], -6);
          assert.deepEqual(await phone.ask('DLMessageRemoveItems', [`${UDID}/b`], {}, 0), [0, NOTHING, {}]);
          assert.deepEqual(await phone.ask('DLMessageGetFreeDiskSpace', 'extra'), [0, NOTHING, 5_000_000_000]);
          assert.deepEqual(await phone.ask('DLMessagePurgeDiskSpace', 12n, 4), [0, NOTHING, 0]);
        },
        { target: memory },
      );
      await job.result;
      assert.deepEqual([...memory.files.keys()], [`${UDID}/d`]);
    });
  });
}

describe('runMobileBackup', () => {
  test('answers what nobody knows, and takes note of it', async () => {
    const { result, events } = await backUp(async (phone) => {
      await phone.link.writeMessage(['DLMessagePing', 'still here']);
      assert.deepEqual((await phone.ask('DLMessageFoldPaper', 3))[0], -2);
    });
    await result;
    assert.deepEqual(warningsIn(events), [
      { kind: 'remark', text: 'ping: still here' },
      { kind: 'unknown-operation', name: 'DLMessageFoldPaper' },
    ]);
  });

  test('tells where the job stands and how much has moved', async () => {
    const { result, events } = await backUp(async (phone) => {
      await phone.download([`${UDID}/Status.plist`]);
      await phone.ask('DLMessageGetFreeDiskSpace');
      await phone.upload([{ path: `${UDID}/Status.plist`, pieces: ['x'] }]);
      await phone.upload([{ path: `${UDID}/Snapshot/ab/x`, pieces: ['12345'] }], 40.5);
      await phone.upload([{ path: `${UDID}/Status.plist`, pieces: ['x'] }]);
      await phone.ask('DLMessageMoveItems', { [`${UDID}/Snapshot/ab/x`]: `${UDID}/ab/x` }, {}, 90);
      await phone.upload([{ path: `${UDID}/Status.plist`, pieces: ['x'] }]);
      await phone.ask('DLMessageRemoveItems', [`${UDID}/Snapshot`], {}, 95);
      await phone.download([`${UDID}/Status.plist`]);
    });
    await result;
    assert.deepEqual(phasesIn(events), [
      'handshake',
      'waiting',
      'preparing',
      'receiving',
      'moving',
      'removing',
      'verifying',
      'finishing',
    ]);
    const last = events.findLast((event) => event.kind === 'progress')?.counters;
    assert.deepEqual([last?.filesReceived, last?.bytesReceived, last?.filesSent, last?.devicePercent], [4, 8, 1, 0]);
  });

  test('passes on requests of every kind', async () => {
    const names: unknown[] = [];
    for (const request of [
      { kind: 'restore', udid: UDID, sourceUdid: 'other', password: 'secret' },
      { kind: 'change-password', udid: UDID, newPassword: 'new' },
      { kind: 'info', udid: UDID },
      { kind: 'list', udid: UDID },
      { kind: 'enable-cloud-backup', udid: UDID, enabled: false },
    ] as const) {
      const { result } = await converse(
        async (phone) => {
          names.push((await phone.greet())['MessageName']);
          await phone.respond(0);
        },
        { request },
      );
      await result;
    }
    assert.deepEqual(names, ['Restore', 'ChangePassword', 'Info', 'List', 'EnableCloudBackup']);
  });

  test('lets a restore read the backup of another device, and only that', async () => {
    const target = new MemoryTarget();
    const content = `other/ab/ab${'0'.repeat(38)}`;
    for (const path of ['other/Manifest.db', content]) target.files.set(path, Buffer.from('x'));
    const request = { kind: 'restore', udid: UDID, sourceUdid: 'other' } as const;
    const { result, events } = await backUp(
      async (phone) => {
        for (const path of ['other/Manifest.db', content]) {
          assert.equal((await phone.download([path])).files.get(path)?.code, 0);
        }
      },
      { target, request },
    );
    await result;
    assert.deepEqual(phasesIn(events), ['handshake', 'waiting', 'preparing', 'sending', 'finishing']);
  });
});

function newTarget(slow: boolean): MemoryTarget {
  return Object.assign(new MemoryTarget(), { slow });
}

function phasesIn(events: readonly MobileBackupEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []));
}

function warningsIn(events: readonly MobileBackupEvent[]): unknown[] {
  return events.flatMap((event) => (event.kind === 'warning' ? [event.warning] : []));
}
