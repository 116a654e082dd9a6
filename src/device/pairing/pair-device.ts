/** Earning a device's trust, which takes a person in front of it. */
import { hostname } from 'node:os';
import { bytesAt, stringAt } from '../../formats/index.ts';
import { AppError, isAppError, ProtocolError } from '../../shared/errors.ts';
import { lockdownError } from '../lockdown/errors.ts';
import { LockdownClient } from '../lockdown/lockdown-client.ts';
import { pause } from '../wire/cancel.ts';
import { createPairRecord } from './create-pair-record.ts';
import { pairRecordOffer } from './offer.ts';
import type { PairRecord } from './pair-record.ts';
import { findTrustedRecord, isTrusted, type TrustOptions } from './trust.ts';

/** Nobody needs longer to unlock a phone, tap “Trust” and type a passcode; then a new attempt is clearer. */
const GIVE_UP_MS = 120_000;
/** The pace at which Apple's and everybody's hosts repeat the question. */
const POLL_MS = 1_000;

/** What the person at the device is asked to do. */
export type PairingNeed = 'answer-trust' | 'unlock';

export interface PairOptions extends TrustOptions {
  /** Called when something is needed of the person, once per change. */
  readonly onWaiting?: (need: PairingNeed) => void;
  /** What to do while the device is locked. Waiting is the default. */
  readonly whenLocked?: 'wait' | 'fail';
  readonly timeoutMs?: number;
  readonly pollMs?: number;
  /** What the device calls this computer in its Trust dialog (newer iOS). */
  readonly hostName?: string;
}

export interface Pairing {
  readonly record: PairRecord;
  /** The device trusted this computer already: nobody was asked. */
  readonly existing: boolean;
  /** Other programs on this computer can use the pairing too. */
  readonly shared: boolean;
}

/**
 * Pairs with a device, or finds that it is paired already; either way the record is kept in the store.
 *
 * @throws {AppError} TRUST_REFUSED when the person said no; PAIRING_NEEDS_CABLE; DEVICE_LOCKED or DEVICE_NOT_TRUSTED
 * when nobody did anything in time; DEVICE_REFUSED by a management profile; CANCELLED; CONNECTION_LOST.
 */
export async function pairDevice(options: PairOptions): Promise<Pairing> {
  const { location, store, whenLocked = 'wait', timeoutMs = GIVE_UP_MS, pollMs = POLL_MS, signal } = options;
  const patience = new Patience(timeoutMs, options.onWaiting);
  let offer: Offer | undefined;
  for (;;) {
    try {
      const known = await findTrustedRecord({ location, store, signal });
      if (known !== undefined) return await keep(options, known, true);
      offer ??= await makeOffer(options);
      return await keep(options, await offer.untilAnswered(patience), false);
    } catch (error) {
      const locked = isAppError(error, 'DEVICE_LOCKED');
      // lockdownd drops connections that outlive the dialog; the offer stands.
      const dropped = isAppError(error, 'CONNECTION_LOST') && offer !== undefined;
      if (!(locked && whenLocked === 'wait') && !dropped) throw error;
      patience.spend(pollMs, locked ? 'unlock' : 'answer-trust', error);
    }
    await pause(pollMs, signal);
  }
}

/** Own record first: usbmuxd not taking it must not lose the pairing. */
async function keep({ location, store }: PairOptions, record: PairRecord, existing: boolean): Promise<Pairing> {
  const muxDeviceId = location.routes.find((route) => route.muxDeviceId !== undefined)?.muxDeviceId;
  const alreadyShared = existing && (await store.readShared(location.udid))?.hostId === record.hostId;
  if (alreadyShared && (await store.readOwn(location.udid))?.hostId === record.hostId) {
    return { record, existing, shared: true };
  }
  return { record, existing, shared: await store.save(location.udid, record, { muxDeviceId }) };
}

/** Counts the waiting in polls rather than by the clock: a computer that slept in between has not waited. */
class Patience {
  #leftMs: number;
  #announced: PairingNeed | undefined;
  readonly #onWaiting: PairOptions['onWaiting'];

  constructor(leftMs: number, onWaiting: PairOptions['onWaiting']) {
    this.#leftMs = leftMs;
    this.#onWaiting = onWaiting;
  }

  /** @throws `orElse` when there is no patience left. */
  spend(durationMs: number, need: PairingNeed, orElse: unknown): void {
    if (this.#leftMs < durationMs) throw orElse;
    this.#leftMs -= durationMs;
    if (this.#announced === need) return;
    this.#announced = need;
    this.#onWaiting?.(need);
  }
}

/** One set of keys, offered again and again until the person answers: a new set would raise a new dialog. */
class Offer {
  readonly #options: PairOptions;
  readonly #record: PairRecord;
  /** Another program's pairing that was tried and is not accepted. */
  readonly #rejected = new Set<string>();

  constructor(options: PairOptions, record: PairRecord) {
    this.#options = options;
    this.#record = record;
  }

  /** @returns the record with the escrow bag, or one that another program paired with in the meantime. */
  async untilAnswered(patience: Patience): Promise<PairRecord> {
    const { location, pollMs = POLL_MS, hostName = hostname(), signal } = this.#options;
    using client = await LockdownClient.connect(location, { signal });
    for (;;) {
      const answer = await client.pair(pairRecordOffer(this.#record), hostName);
      const error = stringAt(answer, 'Error');
      if (error === undefined) return withEscrowBag(this.#record, bytesAt(answer, 'EscrowBag'));
      if (error !== 'PairingDialogResponsePending') throw lockdownError(error, 'Pair');
      patience.spend(pollMs, 'answer-trust', nobodyAnswered());
      await pause(pollMs, signal);
      const paired = await this.#pairedByAnother();
      if (paired !== undefined) return paired;
    }
  }

  /** usbmuxd itself raises the Trust dialog when a device is plugged in, and the person may have answered that one. */
  async #pairedByAnother(): Promise<PairRecord | undefined> {
    const { location, store, signal } = this.#options;
    const record = await store.readShared(location.udid);
    if (record === undefined || this.#rejected.has(record.hostId)) return undefined;
    if (await isTrusted(location, record, signal)) return record;
    this.#rejected.add(record.hostId);
    return undefined;
  }
}

async function makeOffer(options: PairOptions): Promise<Offer> {
  const { location, store, signal } = options;
  using client = await LockdownClient.connect(location, { signal });
  const devicePublicKey = await client.getValue(undefined, 'DevicePublicKey');
  if (!(devicePublicKey instanceof Uint8Array)) throw new ProtocolError('the device does not tell its public key');
  // iOS 7 refuses this once a pairing has been offered.
  const wifiAddress = await client.getValue(undefined, 'WiFiAddress').catch(ignoreRefusal);
  const record = await createPairRecord({
    devicePublicKey,
    systemBuid: await store.systemBuid(),
    wifiMacAddress: typeof wifiAddress === 'string' ? wifiAddress : undefined,
  });
  return new Offer(options, record);
}

function ignoreRefusal(error: unknown): undefined {
  if (!isAppError(error, 'DEVICE_REFUSED')) throw error;
}

function withEscrowBag(record: PairRecord, escrowBag: Buffer | undefined): PairRecord {
  return escrowBag === undefined ? record : { ...record, escrowBag: Buffer.from(escrowBag) };
}

function nobodyAnswered(): AppError {
  return new AppError('DEVICE_NOT_TRUSTED', 'nobody answered the Trust dialog on the device', {
    hint: 'Unlock the device, answer “Trust”, enter its passcode, and try again.',
  });
}
