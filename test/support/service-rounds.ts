/** The service with eight phones that come, go, fail and fill the disk, in a time that runs fast. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TryEntry } from '../../src/contract/index.ts';
import { openKnownVault } from '../../src/service/index.ts';
import type { VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { usePhone } from './phone-content.ts';
import { openFilesIn } from '../../src/shared/open-files.test-helper.ts';
import { randomFrom, type Random } from './random.ts';
import { ServiceScene } from './service-scene.ts';
import { SmallDisk } from './small-disk.ts';

const PHONES = 8;
const HOUR_MS = 3_600_000;
const EVERY_HOURS = 6;
/** An hour of the phones' time takes as many milliseconds. */
const HOUR_TAKES_MS = 750;
/** The owners of eight phones make a megabyte in a second of the round: there is room for all of it. */
const ROOM_AT_FIRST_BYTES = 400_000_000;
const ROOM_BYTES_PER_SECOND = 2_000_000;
const ACT_EVERY_MS = 40;
/** About every ten seconds. More often, no backup of a long round would come to its end, and phones would only grow. */
const FULL_ONCE_IN = 20;

/**
 * One round of so many seconds. Afterwards everything is well for a while, and then every phone has to be backed up.
 *
 * @returns what became of the tries, for the reader of the soak's output.
 */
export async function serviceRound(seed: number, seconds: number): Promise<string[]> {
  const before = handles();
  const ends = await playRound(randomFrom(seed), seconds);
  await delay(100);
  assert.deepEqual(handles(), before);
  return ends;
}

async function playRound(random: Random, seconds: number): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const roomBytes = ROOM_AT_FIRST_BYTES + seconds * ROOM_BYTES_PER_SECOND;
  let disk: SmallDisk | undefined;
  const scene = stack.use(
    await ServiceScene.start({
      phones: PHONES,
      speed: HOUR_MS / HOUR_TAKES_MS,
      // A phone that speaks an old DeviceLink does not ask for the space there is.
      phone: { backup: { deviceLinkVersion: 200 } },
      before: ({ places }) => {
        disk = SmallDisk.mount(places.vaultDir, roomBytes);
        writeFileSync(places.settingsFile, JSON.stringify({ rule: { everyHours: EVERY_HOURS }, slots: 3 }));
      },
    }),
  );
  stack.defer(async () => {
    await scene.stopService();
    disk?.[Symbol.dispose]();
  });
  const { phones } = scene.many;
  assert.ok(disk);
  const world = new World(scene, random, { disk, roomBytes });
  const deadlineMs = performance.now() + seconds * 1000;
  const heap: number[] = [];
  while (performance.now() < deadlineMs) {
    world.act(random.pick(phones));
    heap.push(process.memoryUsage.rss());
    await delay(ACT_EVERY_MS);
  }
  world.calm();
  const calmAt = scene.clock.now();
  for (const { udid } of phones) await backedUpAfter(scene, udid, calmAt);
  const ends: string[] = [];
  for (const { udid } of phones) ends.push(...check(await scene.service.history(udid)));
  for (const phone of phones) assert.deepEqual(phone.breaches.list(), []);
  await scene.stopService();
  assert.deepEqual(openFilesIn(scene.many.places.vaultDir), []);
  await assertWhole(scene);
  return [...ends, `memory: ${growthOf(heap)}`];
}

interface VaultDisk {
  readonly disk: SmallDisk;
  readonly roomBytes: number;
}

/** What happens to phones, and to the disk their backups go to. */
class World {
  readonly #scene: ServiceScene;
  readonly #random: Random;
  readonly #vaultDisk: VaultDisk;
  /** So many more acts until somebody makes room. */
  #fullFor = -1;

  constructor(scene: ServiceScene, random: Random, vaultDisk: VaultDisk) {
    this.#scene = scene;
    this.#random = random;
    this.#vaultDisk = vaultDisk;
  }

  act(phone: VirtualIphone): void {
    const random = this.#random;
    const acts: (() => unknown)[] = [
      () => phone.unplug(),
      () => phone.plug(),
      () => phone.setLocked(true),
      () => phone.setLocked(true),
      () => phone.setLocked(false),
      () => usePhone(phone.disk, random),
      () => phone.setPasscode({ mode: random.pick(['none', 'none', 'accept', 'deny']), delayMs: 50 }),
      () => phone.plug(),
      () => this.#breakNext(phone),
      () => random.onceIn(3) && phone.reboot(),
      () => this.#fillDisk(),
    ];
    if (this.#fullFor-- === 0) this.#freeDisk();
    random.pick(acts)();
  }

  #breakNext(phone: VirtualIphone): void {
    if (!this.#random.onceIn(2)) return;
    phone.faults.clear();
    phone.faults.at({ point: 'mobilebackup2:upload', nth: this.#random.below(4), action: { kind: 'disconnect' } });
  }

  /** Everything as it should be: at home, locked, healthy, with room. */
  calm(): void {
    this.#freeDisk();
    for (const phone of this.#scene.many.phones) {
      phone.faults.clear();
      phone.setPasscode({ mode: 'none', delayMs: 0 });
      phone.plug();
      phone.setLocked(true);
    }
  }

  #fillDisk(): void {
    if (this.#fullFor >= 0 || !this.#random.onceIn(FULL_ONCE_IN)) return;
    this.#fullFor = 10;
    const { disk } = this.#vaultDisk;
    try {
      disk.resize(disk.usedBytes);
    } catch {
      // More was written meanwhile than was asked for: not this time.
    }
  }

  #freeDisk(): void {
    const { disk, roomBytes } = this.#vaultDisk;
    disk.resize(roomBytes);
  }
}

/** However often it failed, and however long it waits because of that: the next day at the latest. */
async function backedUpAfter(scene: ServiceScene, udid: string, since: Date): Promise<void> {
  await scene.until(`a backup of ${udid}`, async () => {
    const history = await scene.service.history(udid);
    return history.some(({ outcome, at }) => outcome === 'done' && Date.parse(at) >= since.getTime());
  });
}

/** Nothing twice. @returns how the tries ended */
function check(history: readonly TryEntry[]): string[] {
  const done = history.filter(({ outcome }) => outcome === 'done').toReversed();
  for (const [i, { at, startedAt }] of done.entries()) {
    const earlier = done[i - 1];
    if (earlier === undefined) continue;
    const hours = (Date.parse(startedAt ?? at) - Date.parse(earlier.at)) / HOUR_MS;
    assert.ok(hours >= EVERY_HOURS - 0.01, `after ${hours} hours again`);
  }
  return history.map(({ outcome, code, reasons }) => `${outcome}: ${code ?? reasons?.[0]?.code ?? outcome}`);
}

/** Every version that there is can be read, to its last byte. */
async function assertWhole({ many: { places } }: ServiceScene): Promise<void> {
  const { vaultDir: dir, stateDir } = places;
  await using vault = await openKnownVault({ dir, stateDir, purpose: 'a look', create: false, lock: 'none' });
  for await (const event of vault.verify()) {
    assert.notEqual(event.kind, 'problem');
    if (event.kind === 'done') assert.equal(event.problems, 0);
  }
}

/** Sockets, timers and files that the process holds. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => !['Timeout', 'Immediate', 'TTYWrap', 'PipeWrap', 'FSReqPromise'].includes(name))
    .toSorted();
}

/** How much the second half took more than the first, at their highest. */
function growthOf(rss: readonly number[]): string {
  const half = Math.floor(rss.length / 2);
  const [first, second] = [Math.max(...rss.slice(0, half)), Math.max(...rss.slice(half))];
  const grownMb = Math.round((second - first) / 1e6);
  return grownMb < 25 ? 'flat' : `grew by ${grownMb} MB`;
}
