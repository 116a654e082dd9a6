import {
  type Device,
  type DeviceFacts,
  type DeviceLocation,
  listDevices,
  NOTIFICATION_PROXY_SERVICE,
  NotificationProxy,
  openDevice,
  type PairRecordStore,
} from '../../device/index.ts';
import { type AppError, isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import { LOCK_NOTIFICATIONS, lockChanges, POWER_NOTIFICATIONS } from './lock-state.ts';

/** How often a device that is there is asked how it is: a short connection, which does not keep it awake. */
const LOOK_MS = 300_000;
/** How soon after a failure, at first; doubles up to `LOOK_MS`. */
const RETRY_MS = 5_000;
/** A device on the network that did not answer so often in a row is gone. */
const FAILURES_UNTIL_GONE = 2;

/** What was learned of a device. Whatever is not in it is as it was. */
export interface Observation {
  readonly facts?: DeviceFacts;
  readonly trusted?: boolean;
  readonly problem?: AppError | undefined;
  readonly lock?: 'locked' | 'unlocked';
}

export interface ObserveOptions {
  readonly location: DeviceLocation;
  readonly pairRecords: PairRecordStore;
  readonly clock: ServiceClock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly attention: () => boolean;
  readonly tell: (observation: Observation) => void;
}

/**
 * Asks a device how it is, now and then, and listens to it while that costs nothing: on a cable, or where it matters.
 *
 * @returns `gone` when it does not answer any more; usbmuxd tells that of a device on a cable.
 */
export async function observeDevice(options: ObserveOptions): Promise<'gone' | 'stopped'> {
  const { location, clock, signal } = options;
  const onCable = location.connections[0] === 'usb';
  let failures = 0;
  let wasListening = false;
  while (!signal.aborted) {
    const isThere = await look(options, wasListening);
    wasListening = false;
    failures = isThere === 'there' ? 0 : failures + 1;
    if (!onCable && failures >= FAILURES_UNTIL_GONE) return 'gone';
    const waitMs = failures === 0 ? LOOK_MS : Math.min(RETRY_MS * 2 ** (failures - 1), LOOK_MS);
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const waiting = clock.sleep(waitMs, until).catch(() => undefined);
    if (failures === 0 && (onCable || options.attention())) wasListening = await listenTo(options, waiting);
    else await waiting;
    over.abort();
  }
  return 'stopped';
}

async function look(
  { location, pairRecords: store, signal, tell }: ObserveOptions,
  wasListening: boolean,
): Promise<'there' | 'silent'> {
  let listing;
  try {
    [listing] = await listDevices({ muxAddress: undefined, store, nearby: [location], signal });
  } catch (error) {
    if (!isAppError(error, 'CANCELLED')) throw error;
  }
  if (listing === undefined) return 'silent';
  const { facts, paired, problem } = listing;
  if (problem !== undefined && isAppError(problem, 'CONNECTION_LOST', 'DEVICE_NOT_FOUND', 'USBMUXD_UNAVAILABLE')) {
    tell({ problem });
    return 'silent';
  }
  const lock = wasListening ? undefined : lockOf(facts);
  tell({ facts, trusted: paired, problem, ...(lock === undefined ? {} : { lock }) });
  return 'there';
}

/**
 * What PasswordProtected says of the lock: no is unlocked, or without a passcode, which to whoever wants to know is the
 * same. Yes is locked on some systems, and on others only that there is a passcode: then it is locked most likely, until
 * a notification tells better.
 */
function lockOf({ passwordProtected }: DeviceFacts): Observation['lock'] {
  if (passwordProtected === undefined) return undefined;
  return passwordProtected ? 'locked' : 'unlocked';
}

/** Listens to a device until `waiting` is over. @returns whether it could be listened to all the time. */
async function listenTo(options: ObserveOptions, waiting: Promise<void>): Promise<boolean> {
  const { location, pairRecords, signal, logger } = options;
  const over = new AbortController();
  let isOver = false;
  void waiting.then(() => {
    isOver = true;
    over.abort();
  });
  try {
    await using device = await openDevice({ location, pairRecords, signal: AbortSignal.any([signal, over.signal]) });
    await using proxy = new NotificationProxy(await device.startService(NOTIFICATION_PROXY_SERVICE));
    proxy.observe([...LOCK_NOTIFICATIONS, ...POWER_NOTIFICATIONS]);
    void waiting.then(() => proxy.close());
    // What changed before it was listened to.
    const facts = await device.facts();
    const lock = lockOf(facts);
    options.tell({ facts, ...(lock === undefined ? {} : { lock }) });
    await follow(options, device, proxy);
  } catch (error) {
    if (!isAppError(error)) throw error;
    logger.debug('a device is not listened to', { udid: location.udid, reason: error.message });
  }
  const heardAll = isOver;
  await waiting;
  return heardAll;
}

async function follow(
  { tell, clock, signal }: ObserveOptions,
  device: Device,
  proxy: NotificationProxy,
): Promise<void> {
  for await (const change of lockChanges(proxy.events(), clock, signal)) {
    if (change === 'power') tell({ facts: await device.facts() });
    else tell({ lock: change });
  }
}
