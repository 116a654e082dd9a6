import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { test } from 'node:test';
import { placesFor } from './places.ts';

test('Linux follows the XDG folders, set or not', () => {
  assert.deepEqual(placesFor({ HOME: '/home/anna' }, 'linux'), {
    vaultDir: '/home/anna/.local/share/holdfast/vault',
    pairRecordsDir: '/home/anna/.local/share/holdfast/pair-records',
    stateDir: '/home/anna/.local/state/holdfast',
    settingsFile: '/home/anna/.config/holdfast/settings.json',
  });
  const xdg = { XDG_DATA_HOME: '/data', XDG_STATE_HOME: '/state', XDG_CONFIG_HOME: '/config' };
  const set = placesFor({ HOME: '/home/anna', ...xdg }, 'linux');
  assert.equal(set.vaultDir, '/data/holdfast/vault');
  assert.equal(set.stateDir, '/state/holdfast');
  assert.equal(set.settingsFile, '/config/holdfast/settings.json');
});

test('a home that is empty or relative is no home: what is kept does not depend on where one stands', () => {
  const usual = placesFor({}, 'linux');
  assert.ok(isAbsolute(usual.vaultDir));
  for (const odd of ['', 'home', './home']) {
    assert.deepEqual(
      placesFor({ HOME: odd, XDG_DATA_HOME: odd, XDG_STATE_HOME: odd, XDG_CONFIG_HOME: odd }, 'linux'),
      usual,
    );
  }
});

test('HOLDFAST_VAULT moves the vault and nothing else', () => {
  const places = placesFor({ HOME: '/home/anna', HOLDFAST_VAULT: '/mnt/disk/vault' }, 'linux');
  assert.equal(places.vaultDir, '/mnt/disk/vault');
  assert.equal(places.pairRecordsDir, '/home/anna/.local/share/holdfast/pair-records');
});

test('HOLDFAST_HOME gathers everything below one folder', () => {
  assert.deepEqual(placesFor({ HOME: '/home/anna', HOLDFAST_HOME: '/h' }, 'darwin'), {
    vaultDir: '/h/vault',
    pairRecordsDir: '/h/pair-records',
    stateDir: '/h/state',
    settingsFile: '/h/settings.json',
  });
});
