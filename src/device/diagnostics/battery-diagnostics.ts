/** com.apple.mobile.diagnostics_relay: the health of the battery, which lockdownd does not tell. */
import type { Duplex } from 'node:stream';
import { dictionaryAt, numberAt, stringAt } from '../../formats/index.ts';
import { AppError } from '../../shared/errors.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { PlistChannel } from '../wire/plist-channel.ts';

export const DIAGNOSTICS_SERVICE = 'com.apple.mobile.diagnostics_relay';

const ANSWER_TIMEOUT_MS = 10_000;

export interface BatteryDiagnostics {
  /** How often it was charged in full, all part charges added up. */
  readonly cycleCount: number | undefined;
  /** Milliampere-hours when new. */
  readonly designCapacityMah: number | undefined;
  /** Milliampere-hours it can hold today. */
  readonly maxCapacityMah: number | undefined;
  /** What is left of the design capacity, 0 to 1 or a little above for a new battery. */
  readonly health: number | undefined;
}

/**
 * Reads the entry of the power source in the I/O registry. Closes the stream when done.
 *
 * @throws {AppError} DEVICE_REFUSED when the device does not tell; CONNECTION_LOST; CANCELLED.
 */
export async function readBatteryDiagnostics(stream: Duplex, signal?: AbortSignal): Promise<BatteryDiagnostics> {
  using channel = new PlistChannel(stream);
  using _cancellation = destroyOnAbort(stream, signal);
  const request = { Request: 'IORegistry', EntryClass: 'IOPMPowerSource' };
  const answer = await channel.requestWithin(ANSWER_TIMEOUT_MS, request);
  channel.send({ Request: 'Goodbye' });
  const registry = dictionaryAt(dictionaryAt(answer, 'Diagnostics'), 'IORegistry');
  if (registry === undefined) {
    throw new AppError('DEVICE_REFUSED', 'the device does not tell about its battery', {
      hint: 'Unlock the device and try again.',
      details: { deviceCode: stringAt(answer, 'Status') ?? 'none' },
    });
  }
  const designCapacityMah = numberAt(registry, 'DesignCapacity');
  const maxCapacityMah = numberAt(registry, 'AppleRawMaxCapacity') ?? numberAt(registry, 'NominalChargeCapacity');
  return {
    cycleCount: numberAt(registry, 'CycleCount'),
    designCapacityMah,
    maxCapacityMah,
    health:
      designCapacityMah === undefined || designCapacityMah <= 0 || maxCapacityMah === undefined
        ? undefined
        : maxCapacityMah / designCapacityMah,
  };
}
