/** Several phones backed up at the same time into one vault: nothing of one gets lost by another. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backUpDevices, findDevices, triesOf, type DeviceEvent } from '../../src/service/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import type { VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { assertAllReadable, assertHolds, contentsOf, type Contents } from '../support/compare.ts';
import { holdfast, startHoldfast } from '../support/holdfast-cli.ts';
import { ManyPhones } from '../support/many-phones.ts';
import { fillPhone, usePhone } from '../support/phone-content.ts';
import { randomFrom } from '../support/random.ts';

describe('phones backed up at the same time', () => {
  for (const count of [2, 4]) {
    test(`${count} of them: each snapshot holds its phone, day after day`, async () => {
      await using family = await Family.start(count);
      for (let day = 0; day < 3; day++) {
        family.use(day);
        const events = await family.backUp();
        assert.equal(events.filter(({ event }) => event.event === 'done').length, count);
        family.note(events);
      }
      await family.assertAllHold();
    });
  }

  test('of which one is cut off and comes back, and one is not unlocked: the others do not notice', async () => {
    await using family = await Family.start(4);
    family.use(0);
    const [ada, bob] = family.many.phones;
    assert.ok(ada !== undefined && bob !== undefined);
    ada.faults.at({ point: 'mobilebackup2:upload', nth: 3, action: { kind: 'disconnect' } });
    bob.setPasscode({ mode: 'deny', delayMs: 30 });
    const events = await family.backUp();
    family.note(events);
    const ends = events.flatMap(({ device, event }) =>
      event.event === 'failed' ? [[device.udid, event.error.code]] : [],
    );
    assert.deepEqual(ends, [[bob.udid, 'PASSCODE_NOT_ENTERED']]);
    const [tried] = await triesOf(family.many.places.stateDir, bob.udid);
    assert.equal(tried?.outcome, 'not-confirmed');
    bob.setPasscode({ mode: 'none', delayMs: 0 });
    family.note(await family.backUp());
    await family.assertAllHold();
  });

  test('by two processes: the one that comes later says that the vault is in use, and nothing is lost', async () => {
    await using family = await Family.start(2);
    family.use(0);
    const [ada, bob] = family.many.phones;
    assert.ok(ada !== undefined && bob !== undefined);
    const { env } = family.many;
    ada.faults.at({ point: 'mobilebackup2:upload', nth: 2, action: { kind: 'stall', ms: 2_500 } });
    const started = Promise.withResolvers<void>();
    const first = startHoldfast(['backup', ada.udid, '--json'], {
      env,
      onEvent: ({ event }) => event === 'requested' && started.resolve(),
    });
    await Promise.race([started.promise, first.ended]);
    const second = await holdfast(['backup', bob.udid, '--json'], { env });
    assert.deepEqual([second.status, second.error?.['code']], [22, 'VAULT_BUSY'], second.stderr);
    assert.equal((await first.ended).status, 0);
    const all = await holdfast(['backup', '--all', '--json'], { env });
    assert.equal(all.status, 0, all.stderr);
    const done = all.events.filter(({ event }) => event === 'done').map(({ udid }) => String(udid));
    assert.deepEqual(done.toSorted(), [ada.udid, bob.udid].toSorted());
  });
});

class Family implements AsyncDisposable {
  readonly many: ManyPhones;
  /** What a phone held when a snapshot of it was taken, by the snapshot's id. */
  readonly #taken = new Map<string, Contents>();

  private constructor(many: ManyPhones) {
    this.many = many;
  }

  static async start(count: number): Promise<Family> {
    const many = await ManyPhones.start(count, { backup: { batchFiles: 16, uploadChunkBytes: 64 * 1024 } });
    for (const [i, phone] of many.phones.entries()) fillPhone(phone.disk, randomFrom(i % 2), { files: 80 });
    return new Family(many);
  }

  use(day: number): void {
    // Some of them get the same files: what one of them has stored, another may refer to.
    for (const [i, phone] of this.many.phones.entries()) usePhone(phone.disk, randomFrom(day * 10 + (i % 2)));
  }

  async backUp(): Promise<DeviceEvent[]> {
    const { setup, places } = this.many;
    const devices = await findDevices(setup, {});
    const { vaultDir, stateDir } = places;
    return await Array.fromAsync(backUpDevices({ setup, devices, vaultDir, stateDir }));
  }

  /** Takes note of what was backed up just now. */
  note(events: readonly DeviceEvent[]): void {
    for (const { device, event } of events) {
      if (event.event === 'done') this.#taken.set(event.snapshot, contentsOf(this.#phone(device.udid)));
    }
  }

  async assertAllHold(): Promise<void> {
    const { vaultDir: dir, stateDir } = this.many.places;
    const purpose = 'a test';
    await using vault = await openKnownVault({ dir, stateDir, purpose, create: false, lock: 'none' });
    assert.deepEqual(
      vault
        .snapshots()
        .map(({ id }) => id)
        .toSorted(),
      [...this.#taken.keys()].toSorted(),
    );
    await assertAllReadable(vault);
    for (const [id, contents] of this.#taken) await assertHolds(vault, vault.findSnapshot(id), contents);
  }

  #phone(udid: string): VirtualIphone {
    const phone = this.many.phones.find((each) => each.udid === udid);
    return phone ?? assert.fail('a phone that nobody has');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.many[Symbol.asyncDispose]();
  }
}
