import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HomeScreenIcon } from '../../../content/index.ts';
import { placesOnHomeScreen } from './home-screen-places.ts';

test('an app stands in the dock, on a page or in a folder; the first place counts', () => {
  const places = placesOnHomeScreen({
    dock: [app('phone')],
    pages: [
      [app('maps'), { kind: 'widget', size: 'small', widgets: [{ bundleId: 'weather', name: undefined }] }],
      [{ kind: 'folder', name: 'Travel', pages: [[app('trains')], [app('planes'), app('maps')]] }],
    ],
    today: [],
  });
  assert.deepEqual(Object.fromEntries(places), {
    phone: {},
    maps: { page: 1 },
    trains: { page: 2, folder: 'Travel' },
    planes: { page: 2, folder: 'Travel' },
  });
});

test('nothing is known of a home screen that is not there', () => {
  assert.equal(placesOnHomeScreen(undefined).size, 0);
});

const app = (bundleId: string): HomeScreenIcon => ({ kind: 'app', bundleId });
