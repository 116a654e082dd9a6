import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Settings, type Status } from '../../contract/index.ts';
import { addFolderCopy, type CopiesContext, runCopy } from '../../copies/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { openVault, type SnapshotLabels, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { versionAt } from '../version.test-helper.ts';
import { dueCopies } from '../running/due-copies.ts';
import { DeviceMemory } from '../running/known-devices/device-memory.ts';
import { knownDevices } from '../running/known-devices/known-device.ts';
import { statusOf } from './status.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const AHEAD = new Date('2035-01-01T00:00:00Z');
const UDID = '00008110-000A1B2C3D4E5F60';

let root = '';
let context: CopiesContext;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  const secrets = { get: () => undefined, set: () => undefined, delete: () => false };
  context = { stateDir: join(root, 'state'), env: {}, secrets, now: () => NOW };
  mkdirSync(context.stateDir);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const version = (id: string, at: Date): SnapshotRecord => versionAt(at, { id, udid: UDID });

/** What is said of the device, and of the place of a copy. */
async function status(snapshots: readonly SnapshotRecord[], labels: readonly [string, SnapshotLabels][]) {
  const devices = await knownDevices({
    presences: [],
    pairs: [],
    snapshots,
    labels: new Map(labels),
    jobs: [],
    memory: new DeviceMemory(context.stateDir, SILENT_LOGGER),
    triesOf: async () => [],
    now: NOW,
  });
  const { stateDir } = context;
  const told = await statusOf({
    devices,
    labels: new Map(labels),
    settings: Settings.parse({}),
    vaultDir: join(root, 'vault'),
    vaultId: undefined,
    stateDir,
    logger: SILENT_LOGGER,
    now: NOW,
    timeZone: 'Europe/Berlin',
  });
  const [device] = told.devices;
  assert.ok(device);
  return { ...device, codes: device.reasons.map(({ code }) => code) };
}
const mediumOf = ({ places }: Status['devices'][number], name: string): unknown =>
  places.find((place) => place.name === name)?.medium;

const lacking = (checks: SnapshotRecord['checks']): SnapshotRecord => ({
  ...version('aaaaaaaa', daysAgo(1)),
  checks,
});

describe('a version that was not whole when it was taken in', () => {
  test('is at risk as the newest, whether files or their list are missing', async () => {
    for (const checks of [
      { manifest: 'readable', missing: 1 },
      { manifest: 'damaged', missing: 0 },
    ]) {
      const { verdict, places } = await status([lacking(checks)], []);
      assert.equal(verdict, 'at-risk');
      assert.equal(places.find(({ kind }) => kind === 'vault')?.counts, false);
    }
    assert.notEqual((await status([lacking({ manifest: 'readable', missing: 0 })], [])).verdict, 'at-risk');
  });

  test('is safe when it is proven after all', async () => {
    const proven = ['aaaaaaaa', { deepVerifiedAt: daysAgo(0), deepVerifyProblems: 0 }] as const;
    const { verdict } = await status([lacking({ manifest: 'readable', missing: 1 })], [[...proven]]);
    assert.notEqual(verdict, 'at-risk');
  });
});

describe('a clock that was years ahead', () => {
  test('makes no proof last for years', async () => {
    const proven = await status([version('aaaaaaaa', daysAgo(100))], [['aaaaaaaa', { deepVerifiedAt: AHEAD }]]);
    assert.ok(proven.codes.includes('proof-missing'), proven.codes.join());
    assert.equal(proven.provenAt, undefined);
  });

  test('makes no phone seem to be about for years', async () => {
    const { places } = await status([version('bbbbbbbb', AHEAD), version('aaaaaaaa', daysAgo(100))], []);
    assert.equal(places.find(({ kind }) => kind === 'phone')?.counts, false);
  });

  test('hides no damage of the newest version behind the one that it dated', async () => {
    const damaged = ['aaaaaaaa', { deepVerifiedAt: daysAgo(1), deepVerifyProblems: 3 }] as const;
    const told = await status([version('bbbbbbbb', AHEAD), version('aaaaaaaa', daysAgo(1))], [[...damaged]]);
    assert.equal(told.verdict, 'at-risk');
  });

  test('makes no copy seem up to date for years, nor its proof needless', async () => {
    const { stateDir } = context;
    const entry = {
      name: 'usb',
      vaultId: '2f0c7f0e-4d3c-4a55-8c51-6c8a0f4b8a11',
      addedAt: AHEAD.toISOString(),
      everyHours: 24,
      offSite: false,
      kind: 'folder',
      dir: join(root, 'away'),
      copyId: '2f0c7f0e-4d3c-4a55-8c51-6c8a0f4b8a12',
    };
    writeFileSync(join(stateDir, 'copies.json'), JSON.stringify({ version: 1, copies: [entry] }));
    mkdirSync(join(stateDir, 'copies'));
    const newest = { [UDID]: { snapshot: 'bbbbbbbb', takenAt: AHEAD } };
    const run = { at: daysAgo(200), kind: 'run', outcome: 'done', newest };
    writeFileSync(join(stateDir, 'copies', 'usb.jsonl'), `${JSON.stringify(run)}\n`);
    const { codes } = await status([version('bbbbbbbb', AHEAD), version('aaaaaaaa', daysAgo(1))], []);
    assert.ok(codes.includes('copy-old'), codes.join());
    assert.ok(codes.includes('copy-proof-missing'), codes.join());
  });
});

const place = (): string => join(root, 'mnt');

describe('disks that take turns in one place', () => {
  let vault: Vault;
  /** Adds a copy in the one place, fills it, and puts its disk into the cupboard. */
  async function fill(name: string): Promise<void> {
    const { entry } = await addFolderCopy(context, vault, { name, dir: place(), everyHours: 24 });
    for await (const _event of runCopy({ ...context, now: () => daysAgo(3) }, vault, entry)) continue;
    renameSync(place(), join(root, name));
  }

  beforeEach(async () => {
    vault = await openVault(join(root, 'vault'), { create: true, purpose: 'a test' });
    await using draft = vault.openDraft(UDID);
    const sink = draft.create(`${UDID}/x`);
    await sink.write(Buffer.from('x'));
    await sink.finish();
    const { device } = version('x', NOW);
    await draft.commit({ device, kind: 'full', encrypted: true });
    await fill('one');
    await fill('two');
  });
  afterEach(() => vault.close());

  test('are brought up to date each when it is there, and the other waits without a word', async () => {
    assert.deepEqual(await dueCopies(context.stateDir, NOW, SILENT_LOGGER), []);
    renameSync(join(root, 'two'), place());
    assert.deepEqual(await dueCopies(context.stateDir, NOW, SILENT_LOGGER), ['two']);
  });

  test('count once where a list of before has one of them twice', async () => {
    const path = join(context.stateDir, 'copies.json');
    const { version: format, copies } = JSON.parse(readFileSync(path, 'utf8'));
    const again = { ...copies[0], name: 'again' };
    writeFileSync(path, JSON.stringify({ version: format, copies: [again, ...copies] }));
    writeFileSync(
      join(context.stateDir, 'copies', 'again.jsonl'),
      readFileSync(join(context.stateDir, 'copies', 'one.jsonl')),
    );
    const told = await status(vault.snapshots(), []);
    // The vault, and two copies.
    assert.deepEqual([told.copies, told.codes.filter((code) => code === 'copy-twice').length], [3, 1]);
  });

  test('are not taken for what the place lies on while they are away, nor for one another', async () => {
    const known = { kind: 'removable', name: 'T7', identity: '/dev/sdz' };
    writeFileSync(join(context.stateDir, 'last-seen.json'), JSON.stringify({ devices: {}, media: { one: known } }));
    const shown = { kind: 'removable', name: 'T7' };
    mkdirSync(place());
    assert.deepEqual(mediumOf(await status(vault.snapshots(), []), 'one'), shown);
    rmSync(place(), { recursive: true });
    renameSync(join(root, 'two'), place());
    assert.deepEqual(mediumOf(await status(vault.snapshots(), []), 'one'), shown);
    rmSync(place(), { recursive: true });
    renameSync(join(root, 'one'), place());
    assert.notDeepEqual(mediumOf(await status(vault.snapshots(), []), 'one'), shown);
  });
});
