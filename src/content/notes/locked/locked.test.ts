import assert from 'node:assert/strict';
import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject } from '../../../formats/index.ts';
import { NotePassword, type LockParts } from './locked.ts';
import { unappliedRecordOf } from './locked-archive.ts';

const ROUNDS = 100;

function lock(password: string, content: string): { parts: LockParts; locked: Buffer } {
  const [salt, key, iv] = [randomBytes(16), randomBytes(16), randomBytes(16)];
  const wrapping = createCipheriv(
    'aes128-wrap',
    pbkdf2Sync(password, salt, ROUNDS, 16, 'sha256'),
    Buffer.alloc(8, 0xa6),
  );
  const wrappedKey = Buffer.concat([wrapping.update(key), wrapping.final()]);
  const cipher = createCipheriv('aes-128-gcm', key, iv);
  const locked = Buffer.concat([cipher.update(content), cipher.final()]);
  return { parts: { salt, rounds: ROUNDS, wrappedKey, iv, tag: cipher.getAuthTag() }, locked };
}

describe('a locked note', () => {
  it('opens with its password, however the keyboard spells it', async () => {
    const { parts, locked } = lock('Ka\u0308se', 'secret');
    const opened = await new NotePassword('Käse').open(locked, [undefined, parts]);
    assert.equal(opened.state === 'open' && opened.content.toString(), 'secret');
  });

  it('says what keeps it closed', async () => {
    const { parts, locked } = lock('right', 'secret');
    const state = async (password: string | undefined, places: Partial<LockParts>[]): Promise<string> =>
      (await new NotePassword(password).open(locked, places)).state;
    assert.equal(await state(undefined, [parts]), 'no-password');
    assert.equal(await state('wrong', [parts]), 'wrong-password');
    assert.equal(await state('right', [{ ...parts, tag: randomBytes(16) }]), 'damaged');
    assert.equal(await state('right', [{ salt: parts.salt }]), 'key-missing');
    assert.equal(await state('right', []), 'key-missing');
  });

  it('takes the next place that may tell how to open it', async () => {
    const { parts, locked } = lock('right', 'secret');
    const stale = lock('right', 'older').parts;
    assert.equal((await new NotePassword('right').open(locked, [stale, parts])).state, 'open');
  });

  it('does not occupy the processor for hours, nor trip over keys of odd lengths', async () => {
    const { parts, locked } = lock('right', 'secret');
    for (const wrong of [
      { rounds: 2 ** 40 },
      { rounds: -1 },
      { wrappedKey: randomBytes(7) },
      { wrappedKey: randomBytes(64) },
      { iv: randomBytes(1) },
    ]) {
      const { state } = await new NotePassword('right').open(locked, [{ ...parts, ...wrong }]);
      assert.ok(state !== 'open');
    }
  });

  it('is for the device alone when it was locked with its passcode', async () => {
    const archive = encodeKeyedArchive(
      new KeyedObject('ICEncryptionObject', {
        metadata: encodeBinaryPlist({ accountKeyIdentifier: 'X' }),
        encryptedData: randomBytes(80),
      }),
    );
    assert.equal((await new NotePassword('any').open(archive, [])).state, 'device-passcode');
    const damaged = archive.subarray(0, 60);
    assert.equal((await new NotePassword('any').open(damaged, [])).state, 'damaged');
  });

  it('is opened by what iCloud sent, where that was not applied yet', () => {
    const store = new KeyedObject('CKRecordValueStore', {
      RecordValues: { CryptoSalt: randomBytes(16), CryptoIterationCount: 5 },
    });
    const record = unappliedRecordOf(encodeKeyedArchive(new KeyedObject('CKRecord', { ValueStore: store })));
    assert.equal(record?.parts.rounds, 5);
    assert.equal(record?.parts.salt?.length, 16);
    assert.equal(unappliedRecordOf(Buffer.from('bplist00')), undefined);
    assert.equal(unappliedRecordOf(null), undefined);
  });
});
