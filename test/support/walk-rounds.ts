/** A life of a vault in one round: everything its owner may do to it, in any order, and every process may be killed. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openVault } from '../../src/vault/index.ts';
import { assertAllReadable, assertHolds, contentsOf, type Contents } from './compare.ts';
import { startHoldfast, type CliResult } from './holdfast-cli.ts';
import { ManyPhones } from './many-phones.ts';
import { fillPhone, usePhone } from './phone-content.ts';
import { randomFrom, type Random } from './random.ts';

const STEPS = 14;
/** What the longest of these commands takes, about. */
const WHOLE_RUN_MS = 1200;
const KILL_ONCE_IN = 3;
/** Versions of these days are gone, by the rule of the round, unless somebody wants them. */
const SHORT_RULE = ['--keep-all', '0', '--keep-daily', '1', '--keep-weekly', '0', '--keep-monthly', '0'];

/**
 * One round: two phones, a vault and a copy of it. Backups, versions removed and pinned, space given back, copies,
 * repairs, moves, versions written out and taken in, one after another; one command in three is killed at any moment.
 * After each, every version that was finished and that nobody removed is there; in the end it is what the phone held.
 *
 * @param options.isRestic whether the copy is one through restic, and not a second vault.
 * @returns what was done, and how it ended
 */
export async function walkRound(seed: number, { isRestic = false } = {}): Promise<string[]> {
  const random = randomFrom(seed);
  await using many = await ManyPhones.start(2, { productVersion: '15.5' });
  for (const { disk } of many.phones) fillPhone(disk, random, { files: 60, large: [1] });
  const walk = new Walk(many, random, isRestic);
  await walk.begin();
  for (let step = 0; step < STEPS; step++) await walk.step();
  await walk.end();
  return walk.ends;
}

class Walk {
  readonly ends: string[] = [];
  readonly #many: ManyPhones;
  readonly #random: Random;
  readonly #root: string;
  readonly #passwordFile: string;
  readonly #isRestic: boolean;
  #vaultDir: string;
  /** What each version has to hold, also of those that are gone: one that was to go may have stayed. */
  readonly #held = new Map<string, Contents>();
  /** Versions that have to be there. */
  readonly #versions = new Set<string>();
  #moves = 0;

  constructor(many: ManyPhones, random: Random, isRestic: boolean) {
    this.#isRestic = isRestic;
    this.#many = many;
    this.#random = random;
    this.#root = dirname(String(many.env['HOLDFAST_HOME']));
    this.#passwordFile = join(this.#root, 'password');
    this.#vaultDir = join(this.#root, 'vault-0');
  }

  /** The copy is another vault, or a repository of restic. */
  async begin(): Promise<void> {
    await this.#run(['backup', '--all'], 'never');
    await this.#learn();
    const to = join(this.#root, 'copy');
    writeFileSync(this.#passwordFile, 'a password of restic\n');
    const how = this.#isRestic ? ['--restic', to, '--password-file', this.#passwordFile] : ['--folder', to];
    await this.#run(['copies', 'add', 'disk', ...how], 'never');
  }

  async step(): Promise<void> {
    const acts = [
      () => this.#backUp(),
      () => this.#backUp(),
      () => this.#backUp(),
      () => this.#removeSome(),
      () => this.#removeByRule(),
      () => this.#run(['prune', '--yes']),
      () => this.#run(['copies', 'run', 'disk']),
      () => this.#pinSome(),
      () => this.#run(['verify', '--repair']),
      () => this.#move(),
      () => this.#outAndIn(),
    ];
    await this.#random.pick(acts)();
    await this.#learn();
  }

  /** Everything comes to its end, and is what it has to be, here and in the copy. */
  async end(): Promise<void> {
    await this.#finishMove();
    await this.#run(['backup', '--all'], 'never');
    await this.#learn();
    await this.#run(['prune', '--yes'], 'never');
    await this.#run(['copies', 'run', 'disk'], 'never');
    await this.#run(['verify'], 'never');
    await this.#run(['copies', 'verify', 'disk'], 'never');
    for (const dir of [this.#vaultDir, await this.#copyAsVault()]) {
      await using vault = await openVault(dir, { purpose: 'a look', lock: 'none' });
      await assertAllReadable(vault);
      const there = new Map(vault.snapshots().map((record) => [record.id, record]));
      for (const id of this.#versions) {
        const contents = this.#held.get(id);
        assert.ok(contents);
        const record = there.get(id);
        assert.ok(record, `${id} is not in ${dir} ${this.#told()}`);
        await assertHolds(vault, record, contents).catch((cause: unknown) => {
          throw new Error(`${id} in ${dir} is not what the phone held ${this.#told()}`, { cause });
        });
      }
    }
  }

  /** A repository is made a vault again, as on a new computer. */
  async #copyAsVault(): Promise<string> {
    const copy = join(this.#root, 'copy');
    if (!this.#isRestic) return copy;
    const to = join(this.#root, 'rebuilt');
    const words = ['copies', 'restore', '--restic', copy, '--password-file', this.#passwordFile, '--to', to];
    await this.#run(words, 'never');
    return to;
  }

  async #backUp(): Promise<void> {
    const phone = this.#random.pick(this.#many.phones);
    usePhone(phone.disk, this.#random);
    await this.#run(['backup', phone.udid, ...(this.#random.onceIn(6) ? ['--full'] : [])]);
  }

  async #removeSome(): Promise<void> {
    const wanted = [...this.#versions].filter(() => this.#random.onceIn(3));
    if (wanted.length === 0) return;
    // Killed, it has removed any of them; refused (pinned, the newest, built upon), none.
    for (const id of wanted) this.#versions.delete(id);
    const { status } = await this.#run(['forget', ...wanted, '--yes']);
    if (status === undefined || status === 0) return;
    for (const id of wanted) this.#versions.add(id);
  }

  async #removeByRule(): Promise<void> {
    // All versions are of today: of each device only the last one stays, and what is pinned.
    const { events } = await this.#run(['forget', '--dry-run', ...SHORT_RULE], 'never');
    const going = events.filter(({ event }) => event === 'forget').map(({ id }) => String(id));
    for (const id of going) this.#versions.delete(id);
    const { status } = await this.#run([
      'forget',
      ...SHORT_RULE,
      '--yes',
      ...(this.#random.onceIn(2) ? ['--prune'] : []),
    ]);
    if (status === undefined || status === 0) return;
    for (const id of going) this.#versions.add(id);
  }

  async #pinSome(): Promise<void> {
    const ids = [...this.#versions];
    if (ids.length > 0) await this.#run([this.#random.pick(['pin', 'pin', 'unpin']), this.#random.pick(ids)]);
  }

  async #move(): Promise<void> {
    await this.#finishMove();
    const to = join(this.#root, `vault-${++this.#moves}`);
    await this.#run(['vault', 'move', to, '--yes']);
    await this.#settleMove(to);
  }

  /** A move that was stopped is gone on with by the same command. */
  async #finishMove(): Promise<void> {
    const to = join(this.#root, `vault-${this.#moves}`);
    if (to === this.#vaultDir || !existsSync(to)) return;
    await this.#run(['vault', 'move', to, '--yes'], 'never');
    await this.#settleMove(to);
    assert.equal(this.#vaultDir, to);
  }

  async #settleMove(to: string): Promise<void> {
    const { status } = await this.#run(['snapshots'], 'never', to, true);
    if (status === 0) this.#vaultDir = to;
  }

  /** A version is written out as a folder, and taken in again: it is known, and makes nothing new. */
  async #outAndIn(): Promise<void> {
    const ids = [...this.#versions];
    if (ids.length === 0) return;
    const out = join(this.#root, `out-${this.ends.length}`);
    const { status } = await this.#run(['export', this.#random.pick(ids), out]);
    if (status === 0) await this.#run(['import', out]);
  }

  /** What is there has to be what was there, and what was made since: a killed backup is a version or none. */
  async #learn(): Promise<void> {
    const { events } = await this.#run(['snapshots'], 'never');
    const there = new Map(events.map((event) => [String(event['id']), event]));
    for (const id of this.#versions) assert.ok(there.has(id), `${id} is gone ${this.#told()}`);
    for (const [id, { udid }] of there) {
      this.#versions.add(id);
      if (this.#held.has(id)) continue;
      const phone = this.#many.phones.find((each) => each.udid === udid);
      assert.ok(phone);
      this.#held.set(id, contentsOf(phone));
    }
  }

  async #run(
    words: readonly string[],
    killed: 'maybe' | 'never' = 'maybe',
    vaultDir = this.#vaultDir,
    mayFail = false,
  ): Promise<CliResult> {
    const running = startHoldfast([...words, '--json'], {
      env: { ...this.#many.env, HOLDFAST_VAULT: vaultDir },
    });
    const isDoomed = killed === 'maybe' && this.#random.onceIn(KILL_ONCE_IN);
    if (isDoomed) {
      await Promise.race([delay(this.#random.below(WHOLE_RUN_MS)), running.ended]);
      running.process.kill('SIGKILL');
    }
    const result = await running.ended;
    const code = result.error?.['code'];
    const end = result.status === undefined ? 'killed' : result.status === 0 ? 'done' : String(code);
    this.ends.push(`${words.slice(0, 2).join(' ')}: ${end}`);
    if (killed === 'never' && !mayFail) assert.equal(result.status, 0, `${result.stderr} ${this.#told()}`);
    if (result.status !== undefined && result.status !== 0)
      assert.ok(code !== undefined && code !== 'BUG', result.stderr);
    return result;
  }

  #told(): string {
    return `after ${this.ends.join('; ')}`;
  }
}
