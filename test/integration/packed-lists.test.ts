import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAppError } from '../../src/shared/errors.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';
import type { Draft } from '../../src/vault/drafts/draft.ts';
import { ListStore } from '../../src/vault/lists/list-store.ts';
import { namesIn } from '../../src/vault/look.ts';
import type { SnapshotRecord } from '../../src/vault/snapshots/record.ts';
import { FACTS, putFiles, TemporaryVault, UDID, UNSYNCED_DISK } from '../../src/vault/vault.test-helper.ts';
import type { Vault } from '../../src/vault/vault.ts';

/** Hash by path. */
type Tree = ReadonlyMap<string, string>;

const UDIDS = [UDID, '00008120-0011223344556677'] as const;
const DAY_MS = 86_400_000;
/** Enough that a list which differs little is packed. */
const FILES = 150;
/** Few, and with few contents, so that trees come again: in another version, and on the other device. */
const CHANGING_FILES = 6;
const CONTENTS = 3;

/** For a long run: `SEED=1 ROUNDS=100 node --test` and this file. */
const SEED = Number(process.env['SEED'] ?? 9);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const STEPS = 30;

test('whatever is backed up, forgotten, pruned, copied and damaged, versions have what they had or say that they are damaged', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const seed = seedOfRound(SEED, round);
    using place = new TemporaryVault();
    using copyPlace = new TemporaryVault();
    const life = new Life(place, copyPlace, randomFrom(seed));
    const steps: string[] = [];
    try {
      await life.open();
      for (let step = 0; step < STEPS; step++) await life.step((name) => steps.push(name));
      await life.end();
    } catch (error) {
      throw new Error(`seed ${seed}, ${steps.join(' ')}`, { cause: error });
    } finally {
      await life.close();
    }
  }
});

/** A vault, a copy of it, and what every version has to have. */
class Life {
  readonly #place: TemporaryVault;
  readonly #copyPlace: TemporaryVault;
  readonly #random: Random;
  readonly #trees = new Map<string, Tree>();
  #vaults: { readonly vault: Vault; readonly copy: Vault } | undefined;
  #takenAtMs = Date.UTC(2026, 0, 1);

  constructor(place: TemporaryVault, copyPlace: TemporaryVault, random: Random) {
    this.#place = place;
    this.#copyPlace = copyPlace;
    this.#random = random;
  }

  get #vault(): Vault {
    assert.ok(this.#vaults);
    return this.#vaults.vault;
  }

  get #copy(): Vault {
    assert.ok(this.#vaults);
    return this.#vaults.copy;
  }

  async open(): Promise<void> {
    this.#vaults = { vault: await this.#place.open(), copy: await this.#copyPlace.open() };
  }

  async close(): Promise<void> {
    await this.#vaults?.vault.close();
    await this.#vaults?.copy.close();
  }

  async step(tell: (name: string) => void): Promise<void> {
    const random = this.#random;
    const name = random.pick([
      'backUp',
      'backUp',
      'backUp',
      'backUp',
      'backUpBoth',
      'backUpBoth',
      'breakOff',
      'forget',
      'forget',
      'forget',
      'prune',
      'prune',
      'replicate',
      'replicate',
      'tidyCopy',
      'reopen',
      'damage',
    ] as const);
    tell(name);
    if (name === 'backUp') await this.#backUp(random.pick(UDIDS));
    else if (name === 'backUpBoth') {
      await Promise.all([...UDIDS.map((udid) => this.#backUp(udid)), ...(random.onceIn(2) ? [this.#replicate()] : [])]);
    } else if (name === 'breakOff') await this.#change(random.pick(UDIDS), (draft) => draft.close());
    else if (name === 'forget') await this.#forget(this.#vault);
    else if (name === 'prune') await this.#vault.prune();
    else if (name === 'replicate') await this.#replicate();
    else if (name === 'tidyCopy') {
      await this.#forget(this.#copy);
      await this.#copy.prune();
    } else if (name === 'damage') await this.#damage(tell);
    else {
      await this.close();
      await this.open();
    }
    for (const [vault, { dir }] of [
      [this.#vault, this.#place],
      [this.#copy, this.#copyPlace],
    ] as const) {
      assert.deepEqual(this.#unreadableIn(vault), []);
      assertBasesAreThereTwice(vault, dir);
    }
  }

  async end(): Promise<void> {
    await this.#vault.prune();
    for (const vault of [this.#vault, this.#copy]) assert.deepEqual(await problemsIn(vault), []);
  }

  /** Puts a few files onto what the draft of a device builds upon. */
  async #change<T>(udid: string, finish: (draft: Draft) => Promise<T>): Promise<T> {
    const random = this.#random;
    await using draft = this.#vault.openDraft(udid);
    const files: Record<string, string> = {};
    if (draft.base === undefined) for (let n = 0; n < FILES; n++) files[`0${n % 4}/${n}`] = `content ${n}`;
    for (let n = random.below(3); n > 0; n--) {
      files[`0${random.below(4)}/changing ${random.below(CHANGING_FILES)}`] = `content ${random.below(CONTENTS)}`;
    }
    await putFiles(draft, files, udid);
    return await finish(draft);
  }

  async #backUp(udid: string): Promise<void> {
    const random = this.#random;
    // Mostly later than the last one, but clocks are set and old backups imported.
    this.#takenAtMs += random.pick([DAY_MS, DAY_MS, DAY_MS, 0]);
    const takenAt = new Date(this.#takenAtMs - (random.onceIn(8) ? random.below(9) * DAY_MS : 0));
    await this.#change(udid, async (draft) => {
      const tree = await treeOf(draft, udid);
      const record = await draft.commit({ ...FACTS, takenAt });
      this.#trees.set(record.id, tree);
    });
  }

  async #replicate(): Promise<void> {
    for await (const event of this.#vault.replicateTo(this.#copy)) assert.notEqual(event.kind, 'damaged');
  }

  async #forget(vault: Vault): Promise<void> {
    for (let n = this.#random.between(1, 3); n > 0; n--) {
      const records = vault.snapshots();
      if (records.length > 1) await tryForgetting(vault, this.#random.pick(records));
    }
  }

  /** Spoils one file of a list, looks what it costs, and has it mended. */
  async #damage(tell: (name: string) => void): Promise<void> {
    const random = this.#random;
    const dir = join(this.#place.dir, 'lists');
    const names = namesIn(dir);
    if (names.length === 0) return;
    const name = random.pick(names);
    tell(spoil(join(dir, name), random));
    const lost = this.#unreadableIn(this.#vault);
    for (const { list } of lost) assert.equal(list.sha256, name, 'only the list in the file is lost');
    if (random.onceIn(3)) {
      tell('pruned');
      await this.#vault.prune().catch((error: unknown) => {
        if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
      });
    } else if (lost.length === 0 && random.onceIn(2)) {
      tell('backed-up');
      await this.#backUp(random.pick(UDIDS));
    }
    const lostNow = new Set(this.#unreadableIn(this.#vault).map(({ id }) => id));
    for (const id of lostNow)
      assert.ok(
        lost.some((each) => each.id === id),
        'nothing more is lost',
      );
    const donors = random.onceIn(3) ? [] : [this.#copy.asDonor('copy')];
    tell(`mended-by-${donors.length}`);
    for await (const _ of this.#vault.repair({ donors }));
    const copied = new Set(this.#copy.snapshots().map(({ id }) => id));
    for (const record of this.#unreadableIn(this.#vault)) {
      assert.ok(donors.length === 0 || !copied.has(record.id), 'what a copy has is mended');
      await tryForgetting(this.#vault, record);
      assert.equal(
        this.#vault.snapshots().some(({ id }) => id === record.id),
        false,
      );
    }
    assert.deepEqual(await problemsIn(this.#vault), []);
  }

  /** Every snapshot has what it had when it was taken, but for those whose list says that it is damaged. */
  #unreadableIn(vault: Vault): SnapshotRecord[] {
    return vault.snapshots().filter((record) => {
      try {
        using view = vault.openSnapshot(record);
        const entries = Array.from(view.entries(), ({ directory, entry }): [string, string] => [
          `${directory}/${entry.name}`,
          entry.kind === 'file' ? entry.sha256 : '',
        ]);
        assert.deepEqual(new Map(entries), this.#trees.get(record.id));
        return false;
      } catch (error) {
        if (isAppError(error, 'SNAPSHOT_CORRUPT')) return true;
        throw error;
      }
    });
  }
}

async function treeOf(draft: Draft, udid: string): Promise<Tree> {
  const tree = new Map<string, string>();
  for (const { name: directory } of draft.list(udid)) {
    for (const { name } of draft.list(`${udid}/${directory}`)) {
      const hash = createHash('sha256');
      for await (const chunk of draft.read(`${udid}/${directory}/${name}`).chunks()) hash.update(chunk);
      tree.set(`${directory}/${name}`, hash.digest('hex'));
    }
  }
  return tree;
}

async function tryForgetting(vault: Vault, record: SnapshotRecord): Promise<void> {
  try {
    await vault.forget([record], { evenTheNewest: true });
  } catch (error) {
    if (!isAppError(error, 'SNAPSHOT_PROTECTED')) throw error;
    await vault.discardDraft(record.udid);
    await vault.forget([record], { evenTheNewest: true });
  }
}

function assertBasesAreThereTwice(vault: Vault, dir: string): void {
  const lists = new ListStore(dir, UNSYNCED_DISK);
  for (const { list } of vault.snapshots()) {
    const base = lists.baseOf(list.sha256);
    if (base !== undefined) assert.equal(lists.bases.damageOf(base), undefined);
  }
}

async function problemsIn(vault: Vault): Promise<unknown[]> {
  const events = await Array.fromAsync(vault.verify());
  return events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : []));
}

/** @returns how */
function spoil(path: string, random: Random): string {
  chmodSync(path, 0o600);
  const bytes = readFileSync(path);
  if (random.onceIn(4)) {
    rmSync(path);
    return 'removed';
  }
  if (random.onceIn(4)) {
    truncateSync(path, random.below(bytes.length));
    return 'cut';
  }
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  writeFileSync(path, bytes);
  return 'flipped';
}
