import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeXmlPlist } from '../../formats/index.ts';
import { Backup } from '../../snapshot/index.ts';
import { memoryBackup } from '../source/memory-backup.test-helper.ts';
import { appsItems, openApps } from './apps.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const APPLE_PNG = Buffer.from('89504e470d0a1a0a0000000443674249', 'hex');

function backupWith(info: Uint8Array | undefined, files: readonly string[], listed: readonly string[] = []): Backup {
  const { manifest, source } = memoryBackup(Object.fromEntries(files.map((place) => [place, Buffer.alloc(100)])));
  const read: Backup['source']['read'] = (path) =>
    path === 'Info.plist' && info
      ? { sizeBytes: info.length, chunks: () => ReadableStream.from([info]).values() }
      : source.read(path);
  const applications = listed.map((bundleId) => ({ bundleId, version: '7' }));
  return new Backup({
    manifest,
    source: { read },
    info: undefined,
    facts: { isEncrypted: false, applications },
    classKeys: undefined,
  });
}

describe('the apps', () => {
  it('may be unknown', async () => {
    assert.equal(await openApps(backupWith(undefined, ['HomeDomain:x'])), undefined);
  });

  it('are those of the lists, with what each keeps', async () => {
    const metadata = encodeXmlPlist({
      itemName: 'Kochbuch',
      artistName: 'K GmbH',
      bundleShortVersionString: '1.2',
      itemId: 5,
      'com.apple.iTunesStore.downloadInfo': { purchaseDate: '2024-05-01T10:00:00Z' },
    });
    const info = encodeXmlPlist({
      'Installed Applications': ['org.cook', 'org.empty', 'org.cook.pro'],
      Applications: {
        'org.cook': { iTunesMetadata: metadata, PlaceholderIcon: PNG },
        'org.cook.pro': { iTunesMetadata: Buffer.from('broken'), PlaceholderIcon: APPLE_PNG },
      },
    });
    const apps = await openApps(
      backupWith(
        info,
        [
          'AppDomain-org.cook:Documents/a',
          'AppDomainPlugin-org.cook.widget:b',
          'AppDomainGroup-group.org.cook:c',
          'AppDomainGroup-group.org.cook.pro.shared:d',
          'AppDomainGroup-ABCDE12345.org.cook:e',
          'AppDomainGroup-group.of.nobody:f',
          'AppDomain-com.apple.mobilesafari:g',
          'CameraRollDomain:h',
        ],
        ['org.cook', 'org.listed', 'group.org.cook'],
      ),
    );
    assert.deepEqual(
      apps?.apps.map(({ bundleId, name, isListed, files, sizeBytes }) => [bundleId, name, isListed, files, sizeBytes]),
      [
        ['org.cook', 'Kochbuch', true, 4, 400],
        ['com.apple.mobilesafari', 'Safari', false, 1, 100],
        ['org.cook.pro', undefined, true, 1, 100],
        ['org.empty', undefined, true, 0, 0],
        ['org.listed', undefined, true, 0, 0],
      ],
    );
    const [cook, , pro] = apps?.apps ?? [];
    assert.deepEqual(
      [cook?.version, cook?.build, cook?.publisher, cook?.storeId, cook?.boughtAt],
      ['1.2', '7', 'K GmbH', 5, new Date('2024-05-01T10:00:00Z')],
    );
    assert.deepEqual([cook?.icon?.equals(PNG), pro?.icon], [true, undefined]);
    assert.deepEqual(
      apps?.sharedContainers.map(({ domain }) => domain),
      ['AppDomainGroup-group.of.nobody'],
    );
    assert.deepEqual(apps && [...appsItems(apps)].map(({ title }) => title), [
      'Kochbuch',
      'org.cook.pro',
      'org.empty',
      'org.listed',
    ]);
  });

  it('are known by what they keep where the lists are damaged', async () => {
    const apps = await openApps(backupWith(Buffer.from('<plist>'), ['AppDomain-org.cook:a']));
    assert.deepEqual(
      apps?.apps.map(({ bundleId, isListed }) => [bundleId, isListed]),
      [['org.cook', false]],
    );
  });
});
