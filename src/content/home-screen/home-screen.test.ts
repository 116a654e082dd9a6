import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBinaryPlist, type PlistDictionary } from '../../formats/index.ts';
import { memoryBackup } from '../source/memory-backup.test-helper.ts';
import { homeScreenItems, openHomeScreen, type HomeScreen } from './home-screen.ts';

async function opened(state: PlistDictionary): Promise<HomeScreen> {
  const place = 'HomeDomain:Library/SpringBoard/IconState.plist';
  const screen = await openHomeScreen(memoryBackup({ [place]: encodeBinaryPlist(state) }));
  assert.ok(screen !== undefined);
  return screen;
}

describe('the home screen', () => {
  it('may be absent', async () => {
    assert.equal(await openHomeScreen(memoryBackup({})), undefined);
  });

  it('has a dock, pages, folders, widgets and web pages', async () => {
    const clip = '0F1E2D3C4B5A69788796A5B4C3D2E1F0';
    const screen = await opened({
      buttonBar: ['com.apple.mobilephone'],
      iconLists: [
        ['a.b', { listType: 'folder', displayName: 'F', iconLists: [['c.d'], ['e.f']] }],
        [
          clip,
          { elementType: 'widget', gridSize: 'large', containerBundleIdentifier: 'w.x', widgetIdentifier: 'y' },
          7,
        ],
      ],
    });
    assert.deepEqual(screen, {
      dock: [{ kind: 'app', bundleId: 'com.apple.mobilephone' }],
      pages: [
        [
          { kind: 'app', bundleId: 'a.b' },
          {
            kind: 'folder',
            name: 'F',
            pages: [[{ kind: 'app', bundleId: 'c.d' }], [{ kind: 'app', bundleId: 'e.f' }]],
          },
        ],
        [
          { kind: 'web-clip', name: undefined, id: clip },
          { kind: 'widget', size: 'large', widgets: [{ bundleId: 'w.x', name: 'y' }] },
          { kind: 'unknown' },
        ],
      ],
      today: [],
    });
    assert.deepEqual(
      [...homeScreenItems(screen)].map(({ key }) => key),
      ['com.apple.mobilephone', 'a.b', 'folder F', clip],
    );
  });

  it('ends where folders lie in folders without end', async () => {
    let folder: PlistDictionary = { displayName: 'deepest', iconLists: [] };
    for (let i = 0; i < 100; i++) folder = { displayName: 'f', iconLists: [[folder]] };
    assert.ok(JSON.stringify(await opened({ iconLists: [[folder]] })).length < 500);
  });
});
