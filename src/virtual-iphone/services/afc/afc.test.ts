import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AfcClient } from '../../../device/index.ts';
import { request, ServiceLab } from '../service-lab.test-helper.ts';
import { afcService, crashReports, houseArrest } from './afc-service.ts';
import { OpenFiles } from './open-files.ts';

describe('the media folder', () => {
  test('is one tree of what backups keep in different domains', async () => {
    await using lab = await AfcLab.start();
    lab.disk.writeFile('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_0001.JPG', Buffer.from('jpeg'));
    lab.disk.writeFile('MediaDomain', 'Media/Recordings/a.m4a', Buffer.from('m4a'));
    lab.disk.writeFile('MediaDomain', 'Library/SMS/Attachments/00/x', Buffer.from('not here'));
    const files = lab.afc();
    assert.deepEqual(await files.list('/'), ['DCIM', 'Recordings']);
    assert.deepEqual(await files.list('/DCIM/100APPLE'), ['IMG_0001.JPG']);
    await files.makeDirectory('/Books');
    await files.write('/Books/b.epub', Buffer.from('book'));
    await files.makeDirectory('/DCIM/101APPLE');
    assert.equal(lab.text('MediaDomain', 'Media/Books/b.epub'), 'book');
    assert.equal(lab.disk.get('CameraRollDomain', 'Media/DCIM/101APPLE')?.kind, 'directory');
  });

  test('keeps what computers leave there out of the domains of backups', async () => {
    await using lab = await AfcLab.start();
    const files = lab.afc();
    await files.makeDirectory('/iTunesRestore');
    await files.write('/iTunesRestore/RestoreApplications.plist', Buffer.from('apps'));
    const handle = await files.open('/com.apple.itunes.lock_sync', 'readWrite');
    await files.close(handle);
    assert.deepEqual(lab.disk.domains(), ['NotBackedUpDomain']);
    assert.deepEqual(await files.list('/'), ['com.apple.itunes.lock_sync', 'iTunesRestore']);
  });

  test('describes files, folders and links', async () => {
    await using lab = await AfcLab.start();
    const modifiedAt = new Date('2026-03-01T12:00:00Z');
    lab.disk.writeFile('MediaDomain', 'Media/a', Buffer.alloc(1000), { modifiedAt, bornAt: new Date(0) });
    lab.disk.makeSymlink('MediaDomain', 'Media/l', 'a');
    const files = lab.afc();
    const file = await files.stat('/a');
    assert.equal(file.sizeBytes, 1000);
    assert.deepEqual(file.modifiedAt, modifiedAt);
    assert.equal((await files.stat('/')).kind, 'directory');
    const link = await files.stat('/l');
    assert.deepEqual([link.kind, link.linkTarget], ['symlink', 'a']);
    await assert.rejects(files.stat('/none'), { status: 'notFound' });
    assert.ok((await files.deviceInfo()).totalBytes > 1e9);
  });

  test('cannot be left, neither by dots nor by links', async () => {
    await using lab = await AfcLab.start();
    lab.disk.makeSymlink('MediaDomain', 'Media/out', '../../Library');
    lab.disk.makeSymlink('MediaDomain', 'Media/absolute', '/etc/passwd');
    lab.disk.makeSymlink('MediaDomain', 'Media/home', '/private/var/mobile/Media/folder');
    lab.disk.makeSymlink('MediaDomain', 'Media/round', 'round');
    lab.disk.writeFile('MediaDomain', 'Media/folder/inside', Buffer.from('inside'));
    const files = lab.afc();
    for (const path of ['/../x', '/folder/../../x', '/out/x', '/absolute', '/round/x']) {
      await assert.rejects(files.list(path), { status: 'denied' }, path);
    }
    assert.equal(lab.context.breaches.list().length, 3);
    assert.deepEqual(await files.list('/home'), ['inside']);
    assert.deepEqual(await files.list('/folder/../folder'), ['inside']);
  });
});

describe('an open file', () => {
  test('takes writes anywhere, shows them to others, and is on the disk once it is closed', async () => {
    await using lab = await AfcLab.start();
    const content = Buffer.alloc(3_000_000, 'abcdefg');
    const files = lab.afc();
    await files.write('/big', content);
    assert.deepEqual(await Array.fromAsync(files.read('/big')).then((chunks) => Buffer.concat(chunks)), content);
    await files.truncate('/big', 10);
    assert.equal(lab.text('MediaDomain', 'Media/big'), 'abcdefgabc');
    await files.write('/big', Buffer.from('new'));
    assert.equal(lab.text('MediaDomain', 'Media/big'), 'new');
  });

  test('keeps what was written when the computer hangs up without closing it', async () => {
    await using lab = await AfcLab.start();
    const files = lab.afc();
    const handle = await files.open('/kept', 'append');
    assert.equal(await files.lock(handle), true);
    const other = lab.afc();
    const second = await other.open('/kept', 'readWrite');
    assert.equal(await other.lock(second), false);
    assert.equal(await other.lock(second, 'shared'), false);
    await files[Symbol.asyncDispose]();
    await lab.over();
    assert.equal(await other.lock(second), true);
    await other.unlock(second);
    assert.equal(lab.open.locks.isLocked('MediaDomain/Media/kept'), false);
  });

  test('is refused in words that programs know', async () => {
    await using lab = await AfcLab.start();
    lab.disk.writeFile('MediaDomain', 'Media/folder/file', Buffer.from('x'));
    const files = lab.afc();
    await assert.rejects(files.open('/none', 'read'), { status: 'notFound' });
    await assert.rejects(files.open('/folder', 'read'), { status: 'isDirectory' });
    await assert.rejects(files.remove('/folder'), { status: 'directoryNotEmpty' });
    await assert.rejects(files.remove('/none'), { status: 'notFound' });
    await assert.rejects(files.symlink('x', '/folder/file'), { status: 'exists' });
    await assert.rejects(files.makeDirectory('/folder/file'), { status: 'exists' });
    await files.makeDirectory('/folder');
  });

  test('comes into being only where its folder is, under a name that can be', async () => {
    await using lab = await AfcLab.start();
    lab.disk.writeFile('MediaDomain', 'Media/file', Buffer.from('x'));
    const files = lab.afc();
    await assert.rejects(files.open('/none/file', 'write'), { status: 'notFound' });
    await assert.rejects(files.open('/file/file', 'write'), { status: 'notFound' });
    await assert.rejects(files.rename('/file', '/none/file'), { status: 'notFound' });
    await assert.rejects(files.symlink('/file', '/none/link'), { status: 'notFound' });
    await assert.rejects(files.truncate('/none', 5), { status: 'notFound' });
    await assert.rejects(files.makeDirectory(`/${'é'.repeat(128)}`), { status: 'invalidArgument' });
    await assert.rejects(files.makeDirectory('/\uFFFD'), { status: 'invalidArgument' });
    await files.makeDirectory('/with/all/above');
    await files.write('/with/all/above/file', Buffer.from('x'));
    assert.deepEqual(await files.list('/'), ['file', 'with']);
  });
});

test('files are renamed, dated, linked and removed with all below them', async () => {
  await using lab = await AfcLab.start();
  lab.disk.writeFile('CameraRollDomain', 'Media/DCIM/1/a', Buffer.from('a'));
  const files = lab.afc();
  await files.rename('/DCIM/1', '/Moved');
  assert.equal(lab.text('MediaDomain', 'Media/Moved/a'), 'a');
  const at = new Date('2025-05-05T05:05:05Z');
  await files.setModifiedTime('/Moved/a', at);
  assert.deepEqual((await files.stat('/Moved/a')).modifiedAt, at);
  await files.symlink('Moved/a', '/link');
  assert.equal((await files.readWhole('/link', 10)).toString(), 'a');
  await files.removeTree('/Moved');
  assert.deepEqual(await files.list('/'), ['DCIM', 'link']);
});

test('crash reports are a folder of their own, which no backup takes', async () => {
  await using lab = await AfcLab.start();
  await using files = new AfcClient(lab.connect(crashReports(new OpenFiles(lab.disk))));
  assert.deepEqual(await files.list('/'), []);
  await files.makeDirectory('/Retired');
  await files.write('/Retired/a.ips', Buffer.from('crash'));
  assert.deepEqual(await files.list('/'), ['Retired']);
  assert.deepEqual(lab.disk.domains(), ['NotBackedUpDomain']);
});

test('a lock that a test orders to be contended is so often refused', async () => {
  await using lab = await AfcLab.start();
  lab.context.faults.at({ point: 'com.apple.afc:lock', times: 2, action: { kind: 'error', code: 19 } });
  const files = lab.afc();
  const handle = await files.open('/lock', 'readWrite');
  const answers = [await files.lock(handle), await files.lock(handle), await files.lock(handle)];
  assert.deepEqual(answers, [false, false, true]);
});

describe('house_arrest', () => {
  test('opens the documents of an app that shares them', async () => {
    await using lab = await AfcLab.start();
    lab.disk.writeFile('AppDomain-com.example.a', 'Documents/note.txt', Buffer.from('note'));
    lab.disk.writeFile('AppDomain-com.example.a', 'Library/secret', Buffer.from('secret'));
    const stream = lab.connect(houseArrest(lab.open));
    const answer = await request(stream, { Command: 'VendDocuments', Identifier: 'com.example.a' });
    assert.deepEqual(answer, { Status: 'Complete' });
    const files = new AfcClient(stream);
    assert.deepEqual(await files.list('/'), ['Documents']);
    assert.equal((await files.readWhole('/Documents/note.txt', 10)).toString(), 'note');
    await assert.rejects(files.stat('/Library/secret'), { status: 'denied' });
  });

  for (const { Command, Identifier, error } of [
    { Command: 'VendDocuments', Identifier: 'com.example.none', error: 'ApplicationLookupFailed' },
    { Command: 'VendContainer', Identifier: 'com.example.a', error: 'InstallationLookupFailed' },
    { Command: 'VendEverything', Identifier: 'com.example.a', error: 'UnknownCommand' },
  ]) {
    test(`answers ${Command} of ${Identifier} with ${error}`, async () => {
      await using lab = await AfcLab.start();
      lab.disk.writeFile('AppDomain-com.example.a', 'Documents/note.txt', Buffer.from('note'));
      const stream = lab.connect(houseArrest(lab.open));
      assert.deepEqual(await request(stream, { Command, Identifier }), { Error: error });
    });
  }
});

class AfcLab extends ServiceLab {
  readonly open = new OpenFiles(this.disk);

  static override async start(): Promise<AfcLab> {
    return new AfcLab(await ServiceLab.makeFolder());
  }

  afc(): AfcClient {
    return new AfcClient(this.connect(afcService(this.open)));
  }
}
