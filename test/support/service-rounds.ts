/** The service with eight phones that come, go, fail and fill the disk, in a time that runs fast. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TryEntry } from '../../src/contract/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import type { VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { usePhone } from './phone-content.ts';
import type { Places } from '../../src/shared/files/places.ts';
import { randomFrom, type Random } from './random.ts';
import { ManyPhones } from './many-phones.ts';
import { ServiceApart, type ServiceAnswers } from './service-apart.ts';
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
/** At the memory of the service, in a round. */
const LOOKS = 60;
const MAY_GROW_BYTES = [
  ['usedBytes', 6_000_000],
  // With the code that V8 compiles better and better.
  ['residentBytes', 15_000_000],
] as const;
/** Nothing takes longer when all is well, even on a busy machine. */
const PATIENCE_MS = 60_000;
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
  // A phone that speaks an old DeviceLink does not ask for the space there is.
  const phone = { productVersion: '15.5', backup: { deviceLinkVersion: 200 } };
  const many = stack.use(await ManyPhones.start(PHONES, phone));
  const { phones, places, env } = many;
  for (const each of phones) each.setLocked(true);
  const disk = stack.use(SmallDisk.mount(places.vaultDir, roomBytes));
  writeFileSync(places.settingsFile, JSON.stringify({ rule: { everyHours: EVERY_HOURS }, slots: 3 }));
  const service = stack.use(await ServiceApart.start(HOUR_MS / HOUR_TAKES_MS, env));
  const world = new World(phones, random, { disk, roomBytes });
  const startedMs = performance.now();
  const memory: ServiceAnswers['memory'][] = [];
  const lookEveryMs = Math.max(500, (seconds * 1000) / LOOKS);
  for (let passedMs = 0; passedMs < seconds * 1000; passedMs = performance.now() - startedMs) {
    world.act(random.pick(phones));
    if (passedMs > (memory.length + 1) * lookEveryMs) memory.push(await service.ask('memory'));
    await delay(ACT_EVERY_MS);
  }
  world.calm();
  const calmAt = new Date(await service.ask('now'));
  for (const { udid } of phones) await backedUpAfter(service, udid, calmAt);
  const ends: string[] = [];
  for (const { udid } of phones) ends.push(...check(await service.ask('history', udid)));
  for (const each of phones) assert.deepEqual(each.breaches.list(), []);
  assert.deepEqual(await service.ask('stop'), { mistakes: [], left: [] });
  await assertWhole(places);
  return [...ends, `memory: ${assertFlat(memory)}`];
}

interface VaultDisk {
  readonly disk: SmallDisk;
  readonly roomBytes: number;
}

/** What happens to phones, and to the disk their backups go to. */
class World {
  readonly #phones: readonly VirtualIphone[];
  readonly #random: Random;
  readonly #vaultDisk: VaultDisk;
  /** So many more acts until somebody makes room. */
  #fullFor = -1;

  constructor(phones: readonly VirtualIphone[], random: Random, vaultDisk: VaultDisk) {
    this.#phones = phones;
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
    for (const phone of this.#phones) {
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
async function backedUpAfter(service: ServiceApart, udid: string, since: Date): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const history = await service.ask('history', udid);
    if (history.some(({ outcome, at }) => outcome === 'done' && Date.parse(at) >= since.getTime())) return;
    assert.ok(performance.now() < deadlineMs, `${udid} was not backed up: ${JSON.stringify(history[0])}`);
    await delay(ACT_EVERY_MS);
  }
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
async function assertWhole(places: Places): Promise<void> {
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

/**
 * What the service takes does not grow once it has done everything a few times: the least that it took in the last third
 * of the time against the least in the middle one. Looked at between backups it is less than during them.
 */
function assertFlat(memory: readonly ServiceAnswers['memory'][]): string {
  const third = Math.floor(memory.length / 3);
  for (const [what, mayGrowBytes] of MAY_GROW_BYTES) {
    const least = (looks: typeof memory): number => Math.min(...looks.map((look) => look[what]));
    const grownBytes = least(memory.slice(2 * third)) - least(memory.slice(third, 2 * third));
    assert.ok(grownBytes < mayGrowBytes, `the service grew by ${Math.round(grownBytes / 1e6)} MB (${what})`);
  }
  const mostBytes = Math.max(...memory.map(({ residentBytes }) => residentBytes));
  return `flat, below ${Math.ceil(mostBytes / 10e6) * 10} MB`;
}
