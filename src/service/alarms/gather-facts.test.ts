import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Settings } from '../../contract/index.ts';
import type { SnapshotLabels, SnapshotRecord } from '../../vault/index.ts';
import { versionAt } from '../version.test-helper.ts';
import type { KnownDevice } from '../running/known-devices/known-device.ts';
import { keepPassword } from '../secrets/backup-passwords.ts';
import { openSecretStore } from '../secrets/secret-store.ts';
import { evaluateAlarms } from './evaluate.ts';
import { DAY_MS, HOUR_MS } from './finding.ts';
import { type FactSources, gatherFacts } from './gather-facts.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

function version(days: number, more: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const id = String(10_000_000 + Math.round(days * 100));
  return versionAt(daysAgo(days), { id, udid: 'A', encrypted: false, ...more });
}

function phone(snapshots: readonly SnapshotRecord[], more: Partial<KnownDevice> = {}): KnownDevice {
  return {
    udid: 'A',
    name: 'Anna’s iPhone',
    productType: undefined,
    model: undefined,
    productVersion: '15.5',
    presence: undefined,
    pair: undefined,
    snapshots,
    tries: [],
    job: undefined,
    newestProblems: 0,
    knownSince: daysAgo(100),
    announcedAt: undefined,
    ...more,
  };
}

/** The ids of the alarms that come of it. */
async function alarms(device: KnownDevice, more: Partial<FactSources> = {}): Promise<string[]> {
  const facts = await gatherFacts({
    devices: [device],
    labels: new Map(),
    settings: Settings.parse({}),
    settingsAreValid: true,
    stateDir,
    vaultDir: '/srv/backups',
    vault: 'read',
    freeBytes: 1e12,
    isClockSetByNetwork: false,
    secrets: openSecretStore({ stateDir }, {}),
    now: NOW,
    timeZone: 'Europe/Berlin',
    ...more,
  });
  return evaluateAlarms(facts, NOW).findings.map(({ id }) => id.replace(/:20\d\d.*/, ''));
}

const withCheckup = { settings: Settings.parse({ checkup: { automatic: false } }) };

test('a phone that was backed up yesterday raises nothing', async () => {
  assert.deepEqual(await alarms(phone([version(1)])), []);
});

test('one that was not for nine days is overdue, unless it is paused', async () => {
  assert.deepEqual(await alarms(phone([version(9)])), ['overdue:A']);
  const paused = Settings.parse({ rule: { pausedUntil: '2027-01-01T00:00:00Z' }, checkup: { automatic: false } });
  assert.deepEqual(await alarms(phone([version(9)]), { settings: paused }), []);
});

describe('the password', () => {
  const sealed = { encrypted: true, checks: { keybag: 'bag' } };

  test('is unknown where it is neither kept nor proven', async () => {
    assert.deepEqual(await alarms(phone([version(1, sealed)])), ['password-unknown:A']);
  });

  test('is known where it is kept', async () => {
    const secrets = openSecretStore({ stateDir }, {});
    keepPassword(secrets, { udid: 'A', keybag: 'bag' }, 'secret');
    assert.deepEqual(await alarms(phone([version(1, sealed)]), { secrets }), []);
  });

  test('is known where any version with the same keys was opened to the last file', async () => {
    const [newest, older] = [version(1, sealed), version(20, sealed)];
    const labels = new Map<string, SnapshotLabels>([[older.id, { deepVerifiedAt: daysAgo(5) }]]);
    assert.deepEqual(await alarms(phone([newest, older]), { labels }), []);
    const others = version(20, { ...sealed, checks: { keybag: 'another' } });
    assert.deepEqual(await alarms(phone([newest, others]), { labels }), ['password-unknown:A']);
  });

  test('is not spoken of where the sealed ones cannot be opened, which is told elsewhere', async () => {
    keepPassword(openSecretStore({ stateDir }, {}), { udid: 'A', keybag: 'bag' }, 'secret');
    rmSync(join(stateDir, 'secrets.key'));
    assert.deepEqual(await alarms(phone([version(1, sealed)])), []);
  });
});

test('a version that lost half of its files is an alarm for a month', async () => {
  const list = { sha256: '1'.repeat(64), files: 400, bytes: 1e9 };
  assert.deepEqual(await alarms(phone([version(1, { list }), version(2)])), ['version-shrunk:A']);
  assert.deepEqual(await alarms(phone([version(0.5, { list }), version(31, { list }), version(32)]), withCheckup), []);
});

test('a disk that fills is foreseen from what the versions brought', async () => {
  const versions = Array.from({ length: 20 }, (_, i) => version(i + 1));
  assert.deepEqual(await alarms(phone(versions), { freeBytes: 1e9 }), ['disk-filling']);
  assert.deepEqual(await alarms(phone(versions), { freeBytes: 1e10 }), []);
});

const attempt = (outcome: string, hours: number): string =>
  JSON.stringify({ at: new Date(NOW.getTime() - hours * HOUR_MS), kind: 'run', outcome, code: 'COPY_UNREACHABLE' });

test('copies are judged by their history', async () => {
  const copy = {
    name: 'disk',
    vaultId: '3f0e5c7b-1a52-4a8e-9a51-0f0b7f3f4b1d',
    addedAt: daysAgo(90).toISOString(),
    everyHours: 24,
    offSite: false,
    kind: 'folder',
    dir: '/media/disk',
    copyId: '4f0e5c7b-1a52-4a8e-9a51-0f0b7f3f4b1d',
  };
  writeFileSync(join(stateDir, 'copies.json'), JSON.stringify({ version: 1, copies: [copy] }));
  mkdirSync(join(stateDir, 'copies'));
  const write = (...lines: string[]): void => writeFileSync(join(stateDir, 'copies', 'disk.jsonl'), lines.join('\n'));
  write(attempt('failed', 30), attempt('done', 20), attempt('failed', 3), attempt('failed', 2));
  assert.deepEqual(await alarms(phone([version(1)])), []);
  write(
    attempt('done', 20),
    attempt('failed', 3),
    attempt('not-connected', 2.5),
    attempt('failed', 2),
    attempt('failed', 1),
  );
  assert.deepEqual(await alarms(phone([version(1)])), ['copy-failing:disk']);
  write(attempt('done', 80));
  assert.deepEqual(await alarms(phone([version(1)])), ['copy-late:disk']);
  writeFileSync(join(stateDir, 'copies.json'), '{"version":1,"cop');
  assert.deepEqual(await alarms(phone([version(1)])), ['copies-unreadable']);
});

test('a checkup that nobody made is late', async () => {
  assert.deepEqual(await alarms(phone([version(1), version(90)])), ['checkup-late']);
  assert.deepEqual(await alarms(phone([version(1), version(90)]), withCheckup), []);
});

test('a version from the future means that a clock is wrong, or was', async () => {
  assert.deepEqual(await alarms(phone([version(-2), version(1)]), withCheckup), ['clock-wrong', 'version-misdated:A']);
});

test('while the vault is away, that is all there is to say of what is in it', async () => {
  assert.deepEqual(await alarms(phone([], { tries: [] }), { vault: 'away', freeBytes: 1 }), ['vault-missing']);
  assert.deepEqual(await alarms(phone([], { knownSince: daysAgo(1) }), { vault: 'none' }), []);
});
