/** Safari, apps, alarms and the home screen come out of backups as the phone had them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  alarmsItems,
  appsItems,
  openAlarms,
  openApps,
  openHomeScreen,
  openSafari,
  safariItems,
  type Bookmark,
} from '../../src/content/index.ts';
import { installedApps } from '../../src/virtual-iphone/apps.ts';
import { cocoaMs, PhoneBackup } from '../support/phone-backup.ts';

for (const password of [undefined, 'geheim']) {
  describe(`a backup ${password === undefined ? 'without' : 'with'} a password`, () => {
    let phone: PhoneBackup;

    before(async () => {
      phone = await PhoneBackup.make(password);
    });
    after(() => phone[Symbol.asyncDispose]());

    test('holds what Safari keeps', async () => {
      using safari = await openSafari(phone.backup);
      assert.ok(safari !== undefined);
      const leaves = (each: Bookmark): Bookmark[] =>
        each.kind === 'bookmark' ? [each] : each.children.flatMap(leaves);
      const bookmarks = safari.bookmarks?.top.flatMap(leaves) ?? [];
      const rows = phone.rowsOnPhone(/Safari\/Bookmarks\.db$/, 'SELECT title, url, read FROM bookmarks WHERE type = 0');
      assert.deepEqual(
        new Set(bookmarks.map((each) => JSON.stringify([each.title, each.url, each.readingList?.isRead ?? null]))),
        new Set(
          rows.map((row) =>
            JSON.stringify([row['title'], row['url'], row['read'] === null ? null : row['read'] === 1]),
          ),
        ),
      );
      const unread = bookmarks.filter(({ readingList }) => readingList);
      assert.ok(
        unread.length === 5 && unread.every(({ readingList }) => readingList?.previewText && readingList.addedAt),
      );
      const tabs = safari.tabs.filter(({ place }) => place === 'other-device');
      assert.deepEqual(
        tabs.map(({ name, title }) => [name, title]),
        [
          ['Adas MacBook', 'Erster'],
          ['Adas MacBook', 'Zweiter'],
        ],
      );
      if (password === undefined) {
        // iOS leaves these out of backups that nobody encrypted.
        assert.equal(safari.history, undefined);
        return;
      }
      const visits = phone.rowsOnPhone(
        /Safari\/History\.db$/,
        'SELECT v.visit_time, v.title, i.url FROM history_visits v JOIN history_items i ON i.id = v.history_item ORDER BY visit_time DESC, v.id DESC',
      );
      const own = [...(safari.history?.visits() ?? [])].filter(({ profile }) => profile === undefined);
      assert.deepEqual(
        own.map(({ at, title, url }) => [at?.getTime(), title, url]),
        visits.map((row) => [cocoaMs(row['visit_time']), row['title'], row['url']]),
      );
      assert.deepEqual(safari.history?.profiles, ['Arbeit']);
      assert.equal([...(safari.history?.tombstones() ?? [])][0]?.url, 'https://example.net/forgotten');
      const open = safari.tabs.filter(({ place, isPrivate }) => place !== 'other-device' && !isPrivate);
      assert.deepEqual(
        open.map(({ place, name, profile, title }) => [place, name, profile, title]),
        [
          ['pinned', undefined, undefined, 'Post'],
          ['recently-closed', undefined, undefined, 'Zu'],
          ['window', undefined, undefined, 'Wetter'],
          ['window', undefined, undefined, 'Zeitung'],
          ['group', 'Urlaub 🏝️', undefined, 'Ferienhaus'],
          ['group', 'Urlaub 🏝️', undefined, 'Fähre'],
          ['group', 'Angebote', 'Arbeit', 'Angebot 7'],
          ['group', 'Private', undefined, 'Steuer'],
          ['earlier', undefined, undefined, 'Alt'],
        ],
      );
      assert.deepEqual(
        safari.tabs.filter(({ isPrivate }) => isPrivate).map(({ title }) => title),
        ['Geschenk', 'P'],
      );
      assert.ok([...safariItems(safari)].every(({ title }) => title !== 'Geschenk'));
    });

    test('makes bookmarks for browsers, and pages, of what Safari keeps', async () => {
      const { read, folder } = await phone.takeOut('safari', 'html');
      const bookmarks = await read('Bookmarks.html');
      assert.ok(bookmarks.startsWith('<!DOCTYPE NETSCAPE-Bookmark-file-1>\n'));
      assert.match(bookmarks, /<DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Favorites<\/H3>/);
      assert.match(bookmarks, /<DT><H3>Rezepte &amp; Küche<\/H3>/);
      const page = await read('Safari.html');
      assert.doesNotMatch(page, /Geschenk|<script/);
      assert.equal(
        folder.files.some(({ path }) => path.startsWith('History/2026-')),
        password !== undefined,
      );
    });

    test('tells of the apps and what they keep', async () => {
      const apps = await openApps(phone.backup);
      const installed = installedApps(phone.both.phone.context);
      assert.deepEqual(
        apps?.apps
          .filter(({ isListed }) => isListed)
          .map(({ bundleId, name }) => `${bundleId} ${name}`)
          .toSorted(),
        installed.map(({ bundleId, name }) => `${bundleId} ${name}`).toSorted(),
      );
      const bank = apps?.apps.find(({ bundleId }) => bundleId === 'com.example.bank.mobile');
      const onPhone = [
        'AppDomain-com.example.bank.mobile',
        'AppDomainPlugin-com.example.bank.mobile.notification',
      ].flatMap((domain) => [...phone.both.phone.disk.below(domain)].filter(({ kind }) => kind === 'file'));
      assert.equal(
        bank?.sizeBytes,
        onPhone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      );
      assert.equal(bank?.containers.length, 2);
      assert.ok(apps && [...appsItems(apps)].length === installed.length);
      assert.match(await (await phone.takeOut('apps', 'html')).read('Apps.html'), /Vogelstimmen &amp; Gesänge/);
    });

    test('holds alarms and timers', async () => {
      const found = await openAlarms(phone.backup);
      assert.deepEqual(
        found?.alarms.map(({ kind, hour, minute, label, repeats, sound, bedtime }) => [
          kind,
          hour,
          minute,
          label,
          repeats?.join(),
          sound,
          bedtime,
        ]),
        [
          ['alarm', 6, 30, 'Aufstehen', 'MO,TU,WE,TH,FR', 'system:Radial', undefined],
          ['alarm', 9, 15, undefined, 'SA,SU', 'song', undefined],
          ['alarm', 22, 0, 'ベランダの水やり', '', 'system:Radial', undefined],
          ['sleep', 6, 45, undefined, 'MO,TU,WE,TH,FR,SA,SU', 'system:Radial', { hour: 22, minute: 45 }],
        ],
      );
      assert.deepEqual(
        found?.timers.map(({ label, durationSeconds }) => [label, durationSeconds]),
        [['Frühstücksei', 510]],
      );
      assert.ok(found && [...alarmsItems(found)].length === 4);
      assert.match(await (await phone.takeOut('alarms', 'html')).read('Alarms.html'), /on weekdays/);
    });

    test('holds the home screen', async () => {
      const screen = await openHomeScreen(phone.backup);
      assert.deepEqual(
        screen?.dock.slice(0, 3),
        ['com.apple.mobilephone', 'com.apple.mobilesafari', 'com.apple.MobileSMS'].map((bundleId) => ({
          kind: 'app',
          bundleId,
        })),
      );
      assert.deepEqual(
        screen?.pages.map((icons) => icons.slice(0, 4).map(({ kind }) => kind)),
        [
          ['widget', 'app', 'app', 'folder'],
          ['widget', 'app', 'web-clip', 'app'],
        ],
      );
      const page = await (await phone.takeOut('home-screen', 'html')).read('Home screen.html');
      assert.match(page, /Spiele &amp; Spaß/);
      assert.match(page, /Calendar \/ Reminders/);
    });
  });
}
