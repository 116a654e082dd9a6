import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PlistReal } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { cutAt } from '../devicelink/cut.test-helper.ts';
import { encodeMessage } from '../devicelink/messages.ts';
import { encodeUpload, UDID } from './scripted-phone.test-helper.ts';
import { MobileBackupSession, type SessionAction } from './session.ts';

const response = (ErrorCode: number): Buffer =>
  encodeMessage([
    'DLMessageProcessMessage',
    { MessageName: 'Response', ErrorCode, ProtocolVersion: new PlistReal(2.1) },
  ]);

const GREETING = Buffer.concat([
  encodeMessage(['DLMessageVersionExchange', 400, 0]),
  encodeMessage(['DLMessageDeviceReady']),
  response(0),
]);

/** Everything a device says in a backup of a few files. */
const BACKUP = Buffer.concat([
  GREETING,
  encodeMessage(['DLMessageDownloadFiles', [`${UDID}/Status.plist`], {}, new PlistReal(0), 0]),
  encodeMessage(['DLMessagePing', 'wait']),
  encodeMessage(['DLMessageUploadFiles', {}, new PlistReal(2.5), 4000]),
  encodeUpload([
    { path: `${UDID}/Snapshot/ab/one`, pieces: [Buffer.alloc(700, 1), Buffer.alloc(9, 2)] },
    { path: `${UDID}/Snapshot/ab/empty` },
    { path: `${UDID}/Snapshot/ab/failed`, pieces: ['x'], end: 0x0b, text: 'modified' },
    { path: `${UDID}/Snapshot/ab/nothing`, pieces: ['', ''] },
  ]),
  encodeMessage(['DLMessageUploadFiles', '___EmptyParameterString___', 3, 0]),
  encodeUpload([]),
  encodeMessage(['DLMessageMoveItems', { a: 'b', c: 'd' }, {}, 50]),
  response(0),
]);

describe('MobileBackupSession', () => {
  test('sees the same conversation wherever the bytes are cut', () => {
    const whole = conversation([BACKUP]);
    assert.deepEqual(
      whole.map((action) => action.kind),
      // prettier-ignore
      [
        'send', 'send', 'send', 'operation', 'remark', 'operation',
        'file-start', 'file-data', 'file-end', 'file-start', 'file-end', 'file-start', 'file-data', 'file-end',
        'file-start', 'file-end', 'upload-end', 'operation', 'upload-end', 'operation', 'response',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), (cuts) => {
        assert.deepEqual(conversation(cutAt(BACKUP, cuts)), whole);
      }),
    );
    assert.deepEqual(conversation([...BACKUP].map((byte) => Buffer.of(byte))), whole);
  });

  test('never does anything but fail as expected on bytes that were tampered with', () => {
    const place = fc.record({ at: fc.nat(BACKUP.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (places) => {
        const bytes = Buffer.from(BACKUP);
        for (const { at, value } of places) bytes[at] = value;
        try {
          conversation([bytes]);
        } catch (error) {
          assert.ok(isAppError(error), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('hands over a large file piece by piece, without waiting for it to be complete', () => {
    const session = new MobileBackupSession({ kind: 'backup', udid: UDID });
    const upload = encodeUpload([{ path: `${UDID}/large`, pieces: [Buffer.alloc(300_000, 7)] }]);
    session.push(Buffer.concat([GREETING, encodeMessage(['DLMessageUploadFiles', {}, 0, 300_000])]));
    drain(session);
    let received = 0;
    for (let at = 0; at < upload.length; at += 16_384) {
      session.push(upload.subarray(at, at + 16_384));
      for (const action of drain(session)) if (action.kind === 'file-data') received += action.bytes.length;
      assert.ok(received >= Math.min(300_000, at));
    }
    assert.equal(received, 300_000);
  });

  test('hears nothing any more once the device has given its response', () => {
    const session = new MobileBackupSession({ kind: 'backup', udid: UDID });
    session.push(Buffer.concat([BACKUP, Buffer.from('garbage garbage')]));
    assert.equal(drain(session).at(-1)?.kind, 'response');
    assert.equal(session.next(), undefined);
  });

  test('survives a batch of a hundred thousand empty pieces', () => {
    const session = new MobileBackupSession({ kind: 'backup', udid: UDID });
    const pieces = Array.from({ length: 100_000 }, () => '');
    session.push(Buffer.concat([GREETING, encodeMessage(['DLMessageUploadFiles', {}, 0, 0])]));
    session.push(encodeUpload([{ path: `${UDID}/x`, pieces }]));
    assert.equal(drain(session).at(-1)?.kind, 'upload-end');
  });
});

/** The actions for a stream of chunks; pieces of one file count as one. */
function conversation(chunks: readonly Buffer[]): SessionAction[] {
  const session = new MobileBackupSession({ kind: 'backup', udid: UDID });
  const actions: SessionAction[] = [];
  for (const chunk of chunks) {
    session.push(chunk);
    for (const action of drain(session)) {
      const last = actions.at(-1);
      if (action.kind === 'file-data' && last?.kind === 'file-data') {
        actions[actions.length - 1] = { kind: 'file-data', bytes: Buffer.concat([last.bytes, action.bytes]) };
      } else actions.push(action);
    }
  }
  return actions;
}

function drain(session: MobileBackupSession): SessionAction[] {
  const actions: SessionAction[] = [];
  for (let action = session.next(); action !== undefined; action = session.next()) actions.push(action);
  return actions;
}
