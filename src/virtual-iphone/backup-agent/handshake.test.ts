import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal, type PlistValue } from '../../formats/index.ts';
import { PhoneBench } from './testing/phone-bench.ts';

describe('the first words with a host', () => {
  test('agree on the newest version both speak', async () => {
    await using bench = await PhoneBench.start();
    const { host } = bench.connect();
    const answer = await host.greet();
    assert.equal(answer['ErrorCode'], 0);
    assert.deepEqual(answer['ProtocolVersion'], new PlistReal(2.1));
    host.close();
    assert.deepEqual(bench.breaches, []);
  });

  test('offer the DeviceLink version of the iOS', async () => {
    await using bench = await PhoneBench.start({ productVersion: '12.5.7' });
    const { host } = bench.connect();
    assert.deepEqual(await host.message(), ['DLMessageVersionExchange', 300, 0]);
    host.close();
  });

  test('settle on the phone’s version when the host names a newer one, as libimobiledevice does', async () => {
    await using bench = await PhoneBench.start({ productVersion: '12.5.7' });
    const { host } = bench.connect();
    assert.equal((await host.greet({ version: 400 }))['ErrorCode'], 0);
    assert.equal((await host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid }))['ErrorCode'], 0);
    host.close();
    assert.deepEqual(bench.breaches, []);
  });

  test('end when the host refuses the version', async () => {
    await using bench = await PhoneBench.start();
    const { host, ended } = bench.connect();
    await host.message();
    host.send('DLMessageVersionExchange', 'DLVersionsNotOk', 400);
    assert.deepEqual(await host.message(), ['DLMessageDisconnect', 'Version mismatch']);
    await ended;
    assert.deepEqual(bench.breaches, ['devicelink.version-exchange']);
  });

  test('report a Hello whose versions are integers, which real phones do not understand', async () => {
    await using bench = await PhoneBench.start();
    const { host, ended } = bench.connect();
    const answer = await host.greet({ versions: [2, new PlistReal(2.1)] satisfies PlistValue[] });
    assert.equal(answer['ErrorCode'], 0);
    host.close();
    await ended;
    assert.deepEqual(bench.breaches, ['mobilebackup2.hello']);
  });

  test('fail when there is no version in common', async () => {
    await using bench = await PhoneBench.start();
    const { host, ended } = bench.connect();
    const answer = await host.greet({ versions: [new PlistReal(1.5)] });
    assert.equal(answer['ErrorCode'], 1);
    assert.equal(answer['ErrorDescription'], 'No common supported protocol version');
    await ended;
  });

  test('end with a message the phone does not know', async () => {
    await using bench = await PhoneBench.start();
    const { host, ended } = bench.connect();
    await host.greet();
    host.send('DLMessageSingASong', 1);
    assert.deepEqual(await host.message(), ['DLMessageDisconnect', 'Unknown Message Received']);
    await ended;
    assert.deepEqual(bench.breaches, ['devicelink.unknown-message']);
  });
});

describe('a request', () => {
  for (const name of ['Unback', 'Extract']) {
    test(`${name} makes a current iOS hang up`, async () => {
      await using bench = await PhoneBench.start();
      const { host, ended } = bench.connect();
      await host.greet();
      await assert.rejects(host.request({ MessageName: name, TargetIdentifier: bench.udid }), /hung up/);
      await ended;
      assert.deepEqual(bench.breaches, []);
    });
  }

  test('that nobody knows makes it hang up, too', async () => {
    await using bench = await PhoneBench.start();
    const { host } = bench.connect();
    await host.greet();
    await assert.rejects(host.request({ MessageName: 'MakeCoffee' }), /hung up/);
    assert.deepEqual(bench.breaches, ['mobilebackup2.request']);
  });

  test('Remove is declined, and another may follow', async () => {
    await using bench = await PhoneBench.start();
    const { host } = bench.connect();
    await host.greet();
    assert.equal((await host.request({ MessageName: 'Remove', TargetIdentifier: bench.udid }))['ErrorCode'], 1);
    const second = await host.request({ MessageName: 'EnableCloudBackup', CloudBackupState: true });
    assert.equal(second['ErrorCode'], 210);
    host.close();
  });

  test('EraseDevice is refused while Find My is on', async () => {
    await using bench = await PhoneBench.start();
    bench.disk.writeFile('HomeDomain', 'a', Buffer.from('a'));
    bench.context.settings.set('findMy', true);
    const { host, ended } = bench.connect();
    await host.greet();
    assert.equal((await host.request({ MessageName: 'EraseDevice', TargetIdentifier: bench.udid }))['ErrorCode'], 211);
    assert.notEqual(bench.disk.get('HomeDomain', 'a'), undefined);
    bench.context.settings.delete('findMy');
    assert.equal((await host.request({ MessageName: 'EraseDevice', TargetIdentifier: bench.udid }))['ErrorCode'], 0);
    assert.equal(bench.disk.count(), 0);
    host.close();
    await ended;
    assert.equal(bench.reboots, 1);
    bench.disk.writeFile('HomeDomain', 'b', Buffer.from('b'));
    assert.equal((await bench.backUp()).code, 212, 'it has to be set up first');
  });
});
