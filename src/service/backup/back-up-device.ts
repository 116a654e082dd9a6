import { backUp, type BackupEvent } from '../../backup/index.ts';
import { type ConnectionKind, openDevice, type DeviceListing } from '../../device/index.ts';
import { firstError } from '../../shared/flow/first-error.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { sentence } from '../../shared/text/sentence.ts';
import { openKnownVault, type Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { recordTry } from '../history/record-try.ts';
import { Remembered } from '../status/remembered.ts';
import { ReconnectPolicy, waitForDevice, type ReconnectOptions } from './reconnect.ts';

export interface BackUpRequest {
  readonly setup: DeviceSetup;
  readonly device: DeviceListing;
  readonly vaultDir: string;
  readonly stateDir: string;
  /** Have the device send everything again. */
  readonly full?: boolean;
  /** Whether it happens by itself, by a rule. */
  readonly automatic?: boolean;
  /** For the times in the history. */
  readonly now?: () => Date;
  /** The address the person gave, where the device was found by it. */
  readonly address?: string | undefined;
  /** How patient to be with a link that breaks. */
  readonly reconnect?: ReconnectOptions;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Backs one device up into the vault in a folder, making the vault if there was never one.
 *
 * The vault is opened before the device: a disk that is missing must not make anybody enter a passcode for nothing. A
 * link that breaks is waited for and the backup goes on, a few times; `reconnecting` tells it. How it ended stays in
 * the device's history.
 *
 * @throws {AppError} what opening the vault or the device, or the backup itself failed with.
 */
export function backUpDevice(request: BackUpRequest): AsyncGenerator<BackupEvent, void> {
  return recorded(request, (link) => backUpIntoKnownVault(request, link));
}

/** As `backUpDevice`, into a vault that is open for writing already, perhaps for other devices at the same time. */
export function backUpIntoOpenVault(
  request: Omit<BackUpRequest, 'vaultDir'>,
  vault: Vault,
): AsyncGenerator<BackupEvent, void> {
  return recorded(request, (link) => backUpThroughBreaks(request, vault, link));
}

/** How the device is reached; may change when it comes back. */
interface Link {
  connection: ConnectionKind;
}

function recorded(
  { device, stateDir, automatic, now }: Pick<BackUpRequest, 'device' | 'stateDir' | 'automatic' | 'now'>,
  job: (link: Link) => AsyncGenerator<BackupEvent, void>,
): AsyncGenerator<BackupEvent, void> {
  const link: Link = { connection: device.connections.includes('usb') ? 'usb' : 'network' };
  const { udid } = device;
  new Remembered(stateDir, SILENT_LOGGER).noteDevice(device.facts, now?.() ?? new Date());
  const facts = { stateDir, udid, kind: 'backup', connection: () => link.connection, automatic, now } as const;
  return recordTry(facts, job(link));
}

async function* backUpIntoKnownVault(request: BackUpRequest, link: Link): AsyncGenerator<BackupEvent, void> {
  const { device, vaultDir, stateDir } = request;
  await using vault = await openKnownVault({
    dir: vaultDir,
    stateDir,
    purpose: `a backup of ${device.facts.name ?? device.udid}`,
    create: true,
    lock: 'write',
  });
  yield* backUpThroughBreaks(request, vault, link);
}

async function* backUpThroughBreaks(
  request: Omit<BackUpRequest, 'vaultDir'>,
  vault: Vault,
  link: Link,
): AsyncGenerator<BackupEvent, void> {
  const { setup, address, reconnect, signal } = request;
  const { udid } = request.device;
  const policy = new ReconnectPolicy(reconnect);
  let { location } = request.device;
  // Starting over means that once, not after every break.
  let full = request.full ?? false;
  for (;;) {
    try {
      await using device = await openDevice({ location, pairRecords: setup.pairRecords, signal });
      link.connection = device.connection;
      for await (const event of backUp({ device, vault, options: { full }, signal })) {
        policy.follow(event);
        yield event;
      }
      return;
    } catch (failure) {
      const reason = firstError(failure);
      if (!policy.allows(reason)) throw reason;
      const { asksPasscode, waitMs } = policy;
      yield { event: 'reconnecting', reason: sentence(reason.message), asksPasscode, waitSeconds: waitMs / 1000 };
      ({ location } = await waitForDevice(setup, { udid, address }, { reason, waitMs, signal }));
      full = false;
    }
  }
}
