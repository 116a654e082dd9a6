import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SETTINGS } from '../../context.ts';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone, contentsOf } from '../testing/read-backup.ts';
import { setPassword } from './backup-keys.ts';

describe('an encrypted backup', () => {
  test('opens with its password, and only with it', async () => {
    await using bench = await encrypted();
    await bench.backUp();
    await assertHoldsPhone(bench, 'correct horse');
    await assert.rejects(contentsOf(bench.folder, bench.udid, 'battery staple'), { code: 'WRONG_PASSWORD' });
    const stored = bench.folder.files(bench.udid).filter((path) => /[0-9a-f]{40}$/.test(path));
    for (const path of stored) assert.equal((bench.folder.read(path)?.length ?? 0) % 16, 0);
  });

  test('is incremental like any other, with keys that stay', async () => {
    await using bench = await encrypted();
    await bench.backUp();
    bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from('changed'));
    const { host } = await bench.backUp();
    assert.equal(host.uploads.filter((path) => /[0-9a-f]{40}$/.test(path)).length, 1);
    await assertHoldsPhone(bench, 'correct horse');
  });

  test('holds what only an encrypted one may hold', async () => {
    await using bench = await encrypted();
    bench.disk.writeFile('HealthDomain', 'Health/healthdb.sqlite', Buffer.from('steps'));
    await bench.backUp();
    const contents = await contentsOf(bench.folder, bench.udid, 'correct horse');
    assert.equal(contents.get('HealthDomain/Health/healthdb.sqlite'), 'steps');
  });

  test('follows an unencrypted one as a full one, and the reverse', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3);
    await bench.backUp();
    await setPassword(bench.context, 'secret');
    assert.equal((await bench.backUp()).host.uploads.filter((path) => /[0-9a-f]{40}$/.test(path)).length, 3);
    await assertHoldsPhone(bench, 'secret');
    bench.context.settings.set(SETTINGS.willEncrypt, false);
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
  });
});

describe('ChangePassword', () => {
  test('turns encryption on, and tells observers', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(2);
    const notifications: string[] = [];
    bench.context.notifications.listen((name) => notifications.push(name));
    const { response } = await bench.ask({ MessageName: 'ChangePassword', NewPassword: 'secret' });
    assert.equal(response['ErrorCode'], 0);
    assert.equal(bench.context.settings.get(SETTINGS.willEncrypt), true);
    assert.deepEqual(notifications, ['com.apple.mobile.backup.domain_changed']);
    await bench.backUp();
    await assertHoldsPhone(bench, 'secret');
  });

  test('wraps the keys of the backup in the folder anew, so that it is gone on with', async () => {
    await using bench = await encrypted();
    await bench.backUp();
    const { response } = await bench.ask({
      MessageName: 'ChangePassword',
      OldPassword: 'correct horse',
      NewPassword: 'battery staple',
    });
    assert.equal(response['ErrorCode'], 0);
    await assertHoldsPhone(bench, 'battery staple');
    await assert.rejects(contentsOf(bench.folder, bench.udid, 'correct horse'), { code: 'WRONG_PASSWORD' });
    const { host } = await bench.backUp();
    assert.equal(host.uploads.filter((path) => /[0-9a-f]{40}$/.test(path)).length, 0);
    await assertHoldsPhone(bench, 'battery staple');
  });

  test('turns encryption off', async () => {
    await using bench = await encrypted();
    const { response } = await bench.ask({ MessageName: 'ChangePassword', OldPassword: 'correct horse' });
    assert.equal(response['ErrorCode'], 0);
    await bench.backUp();
    await assertHoldsPhone(bench);
  });

  for (const { what, request } of [
    { what: 'the old password is wrong', request: { OldPassword: 'wrong', NewPassword: 'new' } },
    { what: 'the old password is wrong and encryption is to be turned off', request: { OldPassword: 'wrong' } },
    { what: 'encryption is on and no old password is given', request: { NewPassword: 'new' } },
    { what: 'no password is given', request: {} },
  ]) {
    test(`answers 207 when ${what}`, async () => {
      await using bench = await encrypted();
      const { response } = await bench.ask({ MessageName: 'ChangePassword', ...request });
      assert.equal(response['ErrorCode'], 207);
      await bench.backUp();
      await assertHoldsPhone(bench, 'correct horse');
    });
  }

  test('always asks for the passcode', async () => {
    await using bench = await PhoneBench.start({ productVersion: '14.8' });
    bench.context.screen.passcode = { mode: 'deny', delayMs: 0 };
    const { response } = await bench.ask({ MessageName: 'ChangePassword', NewPassword: 'secret' });
    assert.equal(response['ErrorCode'], 208);
  });
});

async function encrypted(): Promise<PhoneBench> {
  const bench = await PhoneBench.start();
  bench.fill(3);
  await setPassword(bench.context, 'correct horse');
  return bench;
}
