/** Vaults that rot, and a checkup that has to name exactly what is spoilt, mend it from a copy, and say so. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings, type CheckupLine } from '../../src/contract/index.ts';
import type { CheckupHost } from '../../src/checkup/index.ts';
import { addFolderCopy, runCopy } from '../../src/copies/index.ts';
import { loadCheckingUp } from '../../src/service/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import { copied, isWhole, spoilObjects, spoilTheRest } from './damage-rounds.ts';
import { assertAllWhole, makeHistory } from './many-snapshots.ts';
import { randomFrom } from './random.ts';

const HISTORY = { days: 6, files: 600, hasDatabases: true };

/** A vault with months in it and a copy of it, as a checkup sees them. */
export class RottingVault implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly vaultDir = join(this.root, 'vault');
  readonly stateDir = join(this.root, 'state');
  readonly copyDir = join(this.root, 'copy');

  /** What a checkup is made of here; the versions of this history are no backups to be opened. */
  async host(): Promise<CheckupHost> {
    const { checkupHost } = await loadCheckingUp();
    const { vaultDir, stateDir } = this;
    const settings = Settings.parse({});
    return {
      ...checkupHost({ vaultDir, stateDir, env: process.env, product: 'Holdfast 0.1.0', settings }),
      // oxlint-disable-next-line require-yield -- nothing is told of them
      verifyVersion: async function* () {},
      tryPasswords: async function* (_vault, records) {
        for (const record of records) yield { record, state: 'readable' } as const;
      },
    };
  }

  async copy(): Promise<void> {
    const { copies } = await this.host();
    await using vault = await openKnownVault({
      dir: this.vaultDir,
      stateDir: this.stateDir,
      purpose: 'a test',
      create: false,
      lock: 'none',
    });
    const { entry } = await addFolderCopy(copies, vault, {
      name: 'disk',
      dir: this.copyDir,
      everyHours: 24,
      offSite: false,
    });
    await Array.fromAsync(runCopy(copies, vault, entry));
  }

  /** Makes a checkup and gives its lines about the vault itself. */
  async checkUp(choices: { repair?: boolean } = {}): Promise<CheckupLine[]> {
    const { runCheckup } = await loadCheckingUp();
    const lines: CheckupLine[] = [];
    for await (const event of runCheckup(await this.host(), { quick: false, repair: false, ...choices })) {
      if (event.kind === 'line' && event.line.topic === 'vault') lines.push(event.line);
    }
    return lines;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/**
 * One round: nothing is found in the whole vault; then every object that was spoilt is named and none besides; then all
 * else is spoilt, too, and a checkup that repairs undoes it.
 */
export async function checkupRound(seed: number, flips = 500): Promise<string[]> {
  const random = randomFrom(seed);
  using rotting = new RottingVault();
  const records = await makeHistory(rotting.vaultDir, HISTORY, random);
  const places = await copied(rotting.vaultDir, join(rotting.root, 'places'));
  await rotting.copy();
  assert.deepEqual(wrongIn(await rotting.checkUp()), [], 'an intact vault raises no alarm');

  const done = spoilObjects(places, random, flips);
  const spoilt = new Set(places.filter((place) => !isWhole(place)).map(({ sha256 }) => sha256));
  const lines = await rotting.checkUp();
  const named = await namedObjects(rotting, lines);
  assert.deepEqual(named.toSorted(), [...spoilt].toSorted(), `named and spoilt differ after ${done.join(', ')}`);

  done.push(...spoilTheRest(rotting.vaultDir, records, random));
  const repaired = await rotting.checkUp({ repair: true });
  const left = wrongIn(repaired).filter((code) => code !== 'version-only-there');
  assert.deepEqual(left, [], `left after ${done.join(', ')}`);
  assert.ok(repaired.some(({ state }) => state === 'repaired'));
  // A newest record that is gone has left no trace but in the copy, which a checkup knows.
  const isNewestGone = done.includes('the newest record is gone');
  assert.equal(wrongIn(repaired).includes('version-only-there'), isNewestGone, done.join(', '));
  await using vault = await (await rotting.host()).openVault('a test');
  const there = new Set(vault.snapshots().map(({ id }) => id));
  await assertAllWhole(
    vault,
    records.filter(({ id }) => there.has(id)),
    done.join(', '),
  );
  return [`${spoilt.size} objects named and repaired`];
}

function wrongIn(lines: readonly CheckupLine[]): string[] {
  return lines.filter(({ state }) => state === 'failed' || state === 'unproven').map(({ reason }) => reason.code);
}

/** The objects that a report names as damaged, each by the first file that has it. */
async function namedObjects(rotting: RottingVault, lines: readonly CheckupLine[]): Promise<string[]> {
  await using vault = await (await rotting.host()).openVault('a test');
  const named: string[] = [];
  for (const { code, values } of lines.flatMap(({ more }) => more)) {
    if (!/^piece-(?:changed|missing|unreadable)$/.test(code)) continue;
    using view = vault.openSnapshot(vault.findSnapshot(String(values['version'])));
    const place = view.locate(`${view.record.udid}/${String(values['path'])}`);
    const entry = [...view.entries()].find(({ directory, entry: each }) => {
      return (directory === '' ? each.name : `${directory}/${each.name}`) === values['path'];
    });
    const sha256 = place?.sha256 ?? (entry?.entry.kind === 'file' ? entry.entry.sha256 : undefined);
    assert.ok(sha256, `${String(values['path'])} is named and not there`);
    named.push(sha256);
  }
  return named;
}
