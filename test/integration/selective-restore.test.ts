/** Parts of an older backup on a phone that keeps everything else: what the phone holds afterwards, and its next backup. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../src/database/index.ts';
import { encodeMbdb, fileIdOf, folderSource, openBackup } from '../../src/snapshot/index.ts';
import { mutateLibrary, type VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { contentsOf, type Contents } from '../support/compare.ts';
import { backUpLifelikePhone } from '../support/lifelike-backup.ts';
import { writePlainBackup, type PlainFile } from '../support/plain-backup.ts';
import {
  backUpAgain,
  compose,
  exchanged,
  restoreComposed,
  sorted,
  type Composition,
  type IsChosen,
} from '../support/selective-scene.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'correct horse';
const APP = 'com.example.papermill';
const APP_DOMAIN = `AppDomain-${APP}`;
const KETTLE_GROUP = 'group.com.example.kettle';

const below =
  (...places: readonly string[]): IsChosen =>
  (place) =>
    places.some((each) => place === each || place.startsWith(`${each}/`) || place.startsWith(`${each} `));

const isMessages = below('HomeDomain Library/SMS', 'MediaDomain Library/SMS');
const isContacts = below('HomeDomain Library/AddressBook');
const isCalls = below('HomeDomain Library/CallHistoryDB');
const isNotes = below('AppDomainGroup-group.com.apple.notes', 'HomeDomain Library/Notes');
const isSafari: IsChosen = (place) =>
  /^HomeDomain Library\/Safari\/(?:(?:Bookmarks|History|SafariTabs|BrowserState)\.db(?:-wal|-shm)?$|Profiles(?:\/|$))/.test(
    place,
  );
const isOthers = below(
  'HomeDomain Library/Calendar',
  'AppDomainGroup-group.com.apple.reminders',
  'AppDomainGroup-group.com.apple.VoiceMemos.shared Recordings',
  'MediaDomain Media/Recordings',
);
const isApp = below(APP_DOMAIN, `AppDomainPlugin-${APP}.share`);
const isKettle = below(
  'AppDomain-com.example.kettle-timer',
  'AppDomainPlugin-com.example.kettle-timer.widget',
  `AppDomainGroup-${KETTLE_GROUP}`,
);

const anyOf =
  (...tests: readonly IsChosen[]): IsChosen =>
  (place) =>
    tests.some((each) => each(place));

/** What an owner does in a month: new things everywhere, and much that is chosen later is changed or deleted. */
function useMuch({ disk }: VirtualIphone): void {
  for (let day = 0; day < 4; day++) mutateLibrary(disk, { share: 0.1 });
  for (const file of Array.from(disk.all())) {
    const place = `${file.domain} ${file.relativePath}`;
    if (file.kind !== 'file' || !/\.(?:jpe?g|heic|txt|json)$/i.test(place)) continue;
    if (isMessages(place) || isApp(place)) disk.remove(file.domain, file.relativePath);
  }
  disk.writeFile('MediaDomain', 'Library/SMS/Attachments/zz/99/NEW/new picture.jpg', Buffer.alloc(40_000, 'new'));
  disk.writeFile(APP_DOMAIN, 'Documents/made later/later.txt', Buffer.from('later'));
  disk.writeFile(`AppDomainGroup-${KETTLE_GROUP}`, 'Library/made later.plist', Buffer.from('later'));
}

describe('an encrypted phone', () => {
  let both: PhoneAndVault;
  let older = '';
  let then: Contents;

  before(async () => {
    both = await PhoneAndVault.start({ library: 'small', files: 0, backupPassword: PASSWORD });
    // As a phone with names in decomposed letters has them.
    both.phone.disk.writeFile(APP_DOMAIN, `Documents/${'Übung é'.normalize('NFD')}.txt`, Buffer.from('decomposed'));
    both.phone.disk.makeSymlink(APP_DOMAIN, 'Documents/link', 'made later');
    older = (await both.backUp()).snapshot;
    then = contentsOf(both.phone);
    useMuch(both.phone);
  });
  after(() => both[Symbol.asyncDispose]());

  /** Backs up, exchanges, restores, and looks at everything the phone holds then. */
  async function assertExchanges(
    wanted: Omit<Composition, 'current' | 'currentPassword'>,
    given: Contents,
    isChosen: IsChosen,
  ): Promise<void> {
    const current = await backUpAgain(both, PASSWORD);
    const now = contentsOf(both.phone);
    await compose(both, { ...wanted, current, currentPassword: PASSWORD }, async (composed) => {
      assert.deepEqual(composed.exchanged.leftOut, []);
      await restoreComposed(both, composed, PASSWORD);
    });
    const expected = sorted(exchanged(now, given, isChosen));
    assert.deepEqual(sorted(contentsOf(both.phone)), expected);
    assert.notDeepEqual(expected, sorted(now));
    await backUpAgain(both, PASSWORD);
  }

  test('has its messages as they were, and all else as it is', async () => {
    await assertExchanges({ choice: 'messages', older, olderPassword: PASSWORD }, then, isMessages);
  });

  test('has apps as they were, with names, links, plug-ins and a group of theirs', async () => {
    const choice = `contacts,app:${APP},app:com.example.kettle-timer,group:${KETTLE_GROUP}`;
    await assertExchanges({ choice, older, olderPassword: PASSWORD }, then, anyOf(isContacts, isApp, isKettle));
  });

  test('has the rest of what can be chosen as it was', async () => {
    const choice = 'calls,notes,calendar,reminders,safari,voice-memos';
    const { disk } = both.phone;
    disk.writeFile('HomeDomain', 'Library/Safari/made later.plist', Buffer.from('stays'));
    disk.writeFile('HomeDomain', 'Library/Safari/Bookmarks.db-wal', Buffer.from('goes'));
    const isChosen = anyOf(isCalls, isNotes, isSafari, isOthers);
    await assertExchanges({ choice, older, olderPassword: PASSWORD }, then, isChosen);
  });

  test('keeps its photos where iCloud has the library', async () => {
    const wanted = { choice: 'photos', older, olderPassword: PASSWORD };
    const current = await backUpAgain(both, PASSWORD);
    await assert.rejects(compose(both, { ...wanted, current, currentPassword: PASSWORD }, never), {
      code: 'RESTORE_BLOCKED',
      message: /iCloud Photos/,
    });
  });

  test('takes parts of another phone with another password', async () => {
    let theirs: Contents = new Map();
    const { dir, password } = await backUpLifelikePhone(join(both.directory, 'other'), {
      password: 'another password',
      change: (phone) => {
        useMuch(phone);
        useMuch(phone);
        theirs = contentsOf(phone);
      },
    });
    const wanted = { choice: 'messages,calls,notes', older: folderSource(dir), olderPassword: password };
    await assertExchanges(wanted, theirs, anyOf(isMessages, isCalls, isNotes));
  });

  test('takes parts of a backup that is not encrypted, and leaves alone what that does not have', async () => {
    let theirs: Contents = new Map();
    const { dir } = await backUpLifelikePhone(join(both.directory, 'plain'), {
      change: (phone) => {
        for (let day = 0; day < 9; day++) mutateLibrary(phone.disk, { share: 0.1 });
        theirs = contentsOf(phone);
      },
    });
    const wanted = { choice: `messages,calls,app:${APP}`, older: folderSource(dir) };
    const current = await backUpAgain(both, PASSWORD);
    await compose(both, { ...wanted, current, currentPassword: PASSWORD }, async ({ backup }, plan) => {
      assert.deepEqual(
        plan.skipped.map(({ name }) => name),
        ['calls'],
      );
      const { protectionClass, encryptionKey, digest } =
        backup.find('HomeDomain', 'Library/SMS/sms.db')?.details() ?? {};
      assert.equal(encryptionKey?.readUInt32LE(0), protectionClass);
      assert.equal(digest?.length, 20);
    });
    await assertExchanges(wanted, theirs, anyOf(isMessages, isApp));
  });

  test('has an app loaded again that it does not have any more', async () => {
    const current = await backUpAgain(both, PASSWORD);
    const folder = join(both.directory, 'with-app');
    await writePlainBackup(folder, [{ domain: 'AppDomain-org.example.gone', path: 'Documents/a', content: 'a' }]);
    const wanted = { choice: 'app:org.example.gone', older: folderSource(folder) };
    await compose(both, { ...wanted, current, currentPassword: PASSWORD }, async ({ backup }, plan) => {
      assert.equal(plan.parts[0]?.added, 1);
      const missing = plan.warnings.find(({ code }) => code === 'app-missing');
      assert.match(missing?.message ?? '', /^org\.example\.gone is not on the device/);
      const entry = backup.find('AppDomain-org.example.gone', 'Documents/a');
      assert.ok(entry);
      assert.equal((await backup.bytes(entry, 10)).toString(), 'a');
    });
  });

  test('keeps its own file where the older one is gone, and refuses a database that is', async () => {
    const current = await backUpAgain(both, PASSWORD);
    const { dir } = await backUpLifelikePhone(join(both.directory, 'damaged'));
    using backup = await openBackup(folderSource(dir));
    const picture = backup.manifest
      .entries({ domain: 'MediaDomain' })
      .find(({ kind, relativePath }) => kind === 'file' && relativePath.startsWith('Library/SMS/Attachments/'));
    assert.ok(picture);
    rmSync(contentPath(dir, picture));
    const wanted = { choice: 'messages', older: folderSource(dir), current, currentPassword: PASSWORD };
    await compose(both, wanted, async ({ exchanged: { leftOut } }) => {
      const { domain, relativePath } = picture;
      assert.deepEqual(leftOut, [{ domain, relativePath, problem: 'missing' }]);
    });
    rmSync(contentPath(dir, { domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' }));
    await assert.rejects(compose(both, wanted, never), { code: 'SNAPSHOT_CORRUPT', message: /sms\.db .* is missing/ });
  });
});

test('photos are exchanged with their whole library, where it is on the phone alone', async () => {
  await using both = await PhoneAndVault.start({ backupPassword: PASSWORD });
  const { disk } = both.phone;
  const writeIndex = (content: string): void => {
    disk.writeFile('CameraRollDomain', 'Media/PhotoData/Photos.sqlite', Buffer.from(content));
  };
  writeIndex('what there was');
  const older = (await both.backUp()).snapshot;
  const then = contentsOf(both.phone);
  both.takePhotos(100, 200, { seed: 1 });
  for (let i = 0; i < 30; i++) disk.remove('CameraRollDomain', `Media/DCIM/100APPLE/IMG_${i}.JPG`);
  disk.writeFile('HomeDomain', 'Library/mine', Buffer.from('mine'));
  writeIndex('what there is');
  const current = (await both.backUp()).snapshot;
  const now = contentsOf(both.phone);
  const passwords = { currentPassword: PASSWORD, olderPassword: PASSWORD };
  await compose(both, { choice: 'photos', current, older, ...passwords }, async (composed, plan) => {
    const { added, replaced, removed } = plan.parts[0] ?? {};
    assert.deepEqual({ added, replaced, removed }, { added: 30, replaced: 121, removed: 50 });
    await restoreComposed(both, composed, PASSWORD);
  });
  assert.deepEqual(sorted(contentsOf(both.phone)), sorted(exchanged(now, then, below('CameraRollDomain'))));
  await backUpAgain(both, PASSWORD);
});

describe('a phone whose backups are not encrypted', () => {
  let both: PhoneAndVault;

  before(async () => {
    both = await PhoneAndVault.start({ library: 'small', files: 0 });
  });
  after(() => both[Symbol.asyncDispose]());

  test('keeps what only it has, and has the rest of its messages as they were', async () => {
    const { disk } = both.phone;
    const older = (await both.backUp()).snapshot;
    const then = contentsOf(both.phone);
    useMuch(both.phone);
    disk.writeFile('HomeDomain', 'Library/SMS/sms.db-wal', Buffer.from('of newer messages'));
    const current = (await both.backUp()).snapshot;
    const now = contentsOf(both.phone);
    await compose(both, { choice: `messages,app:${APP}`, current, older }, async (composed, plan) => {
      assert.equal(plan.removes, false);
      await restoreComposed(both, composed);
    });
    const expected = new Map(now);
    for (const [place, content] of then) if (isMessages(place) || isApp(place)) expected.set(place, content);
    const found = contentsOf(both.phone);
    // A log that is left beside another database would be put into it.
    assert.equal(disk.read(fileOn(both, 'HomeDomain', 'Library/SMS/sms.db-wal')).length, 0);
    expected.set('HomeDomain Library/SMS/sms.db-wal', found.get('HomeDomain Library/SMS/sms.db-wal') ?? '');
    assert.deepEqual(sorted(found), sorted(expected));
    await backUpAgain(both);
  });

  test('takes nothing out of an encrypted backup unless its owner agrees', async () => {
    let theirs: Contents = new Map();
    const { dir, password } = await backUpLifelikePhone(join(both.directory, 'other'), {
      password: PASSWORD,
      change: (phone) => {
        useMuch(phone);
        theirs = contentsOf(phone);
      },
    });
    const current = await backUpAgain(both);
    const wanted = { choice: 'messages,contacts,calls', current, older: folderSource(dir), olderPassword: password };
    await assert.rejects(compose(both, wanted, never), { code: 'RESTORE_BLOCKED', hint: /encryption on/ });
    const now = contentsOf(both.phone);
    await compose(both, { ...wanted, allowDecryption: true }, async (composed, plan) => {
      assert.deepEqual(
        plan.skipped.map(({ name, reason }) => [name, /encrypted backups only/.test(reason)]),
        [['calls', true]],
      );
      await restoreComposed(both, composed);
    });
    const expected = new Map(now);
    for (const [place, content] of theirs) if (isMessages(place) || isContacts(place)) expected.set(place, content);
    assert.deepEqual(sorted(contentsOf(both.phone)), sorted(expected));
    await backUpAgain(both);
  });

  test('is not given what a newer or a very old iOS wrote, nor what there is nothing of', async () => {
    const current = await backUpAgain(both);
    const refused = async (choice: string, older: string, message: RegExp): Promise<void> => {
      const wanted = { choice, current, older: folderSource(older) };
      await assert.rejects(compose(both, wanted, never), { code: 'RESTORE_BLOCKED', message });
    };
    const few = join(both.directory, 'few');
    await writePlainBackup(few, [{ domain: 'HomeDomain', path: 'Library/x', content: 'x' }]);
    await refused('messages,contacts', few, /nothing of what you chose/);
    const newer = join(both.directory, 'newer');
    await writePlainBackup(newer, [{ domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'x' }], {
      ios: '26.0',
    });
    await refused('messages', newer, /older 18\.5/);
    const old = join(both.directory, 'old');
    await writePlainBackup(old, []);
    rmSync(join(old, 'Manifest.db'));
    writeFileSync(join(old, 'Manifest.mbdb'), encodeMbdb([]));
    await refused('messages', old, /iOS before 10/);
  });
});

describe('an older backup that nobody should trust', () => {
  let both: PhoneAndVault;
  let current = '';

  before(async () => {
    both = await PhoneAndVault.start({ library: 'small', files: 0 });
    current = (await both.backUp()).snapshot;
  });
  after(() => both[Symbol.asyncDispose]());

  for (const { what, paths = ['Documents/a'], sql } of [
    { what: 'files under the names of others', sql: "UPDATE Files SET relativePath = 'Documents/x'" },
    { what: 'a path that leads out', paths: ['Documents/../../../etc/passwd'] },
    { what: 'an absolute path', paths: ['/etc/passwd'] },
    { what: 'an empty name', paths: ['Documents//a'] },
    { what: 'a name longer than any', paths: [`Documents/${'n'.repeat(256)}`] },
    { what: 'a path longer than any', paths: [`Documents${'/nnnnnnnnn'.repeat(110)}`] },
    { what: 'files below a file', paths: ['Documents/a', 'Documents/a/b'] },
    {
      what: 'a file that says it is a folder',
      paths: ['Documents/a', 'Documents/b'],
      sql: `UPDATE Files SET flags = 2 WHERE relativePath = 'Documents/a'`,
    },
    {
      what: 'a file that says it is a link',
      paths: ['Documents/a', 'Documents/b'],
      sql: `UPDATE Files SET flags = 4 WHERE relativePath = 'Documents/a'`,
    },
  ]) {
    test(`is refused: ${what}`, async () => {
      const dir = join(both.directory, `hostile ${what}`);
      await writePlainBackup(dir, paths.map(plainFile));
      if (sql !== undefined) {
        using database = openDatabase(join(dir, 'Manifest.db'));
        database.exec(sql);
      }
      const wanted = { choice: `app:${APP}`, current, older: folderSource(dir) };
      await assert.rejects(compose(both, wanted, never), { code: 'FORMAT_INVALID', message: /not one that a device/ });
    });
  }

  test('has no say in who files run as', async () => {
    const dir = join(both.directory, 'hostile mode');
    await writePlainBackup(dir, [{ ...plainFile('Documents/a'), mode: 0o106755 }]);
    const wanted = { choice: `app:${APP}`, current, older: folderSource(dir) };
    await compose(both, wanted, async ({ backup }) => {
      assert.equal(backup.find(APP_DOMAIN, 'Documents/a')?.details().mode, 0o100755);
    });
  });
});

function plainFile(path: string): PlainFile {
  return { domain: APP_DOMAIN, path, content: path };
}

async function never(): Promise<void> {
  assert.fail('composed what must not be');
}

function contentPath(dir: string, { domain, relativePath }: { domain: string; relativePath: string }): string {
  const fileId = fileIdOf(domain, relativePath);
  return join(dir, fileId.slice(0, 2), fileId);
}

function fileOn({ phone }: PhoneAndVault, domain: string, path: string): Parameters<typeof phone.disk.read>[0] {
  const file = phone.disk.get(domain, path);
  assert.ok(file);
  return file;
}
