import type { DeviceListing, PairingNeed } from '../../device/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { pairWith } from '../pairs/pair-with.ts';
import type { JobHandle } from './job-board.ts';

/** What the person at the device is asked to do, as the phase of the job. */
const PHASES: Readonly<Record<PairingNeed, string>> = {
  unlock: 'waiting-for-unlock',
  'answer-trust': 'waiting-for-trust',
};

/** Pairs with a device on a cable, telling what is needed of the person. */
export async function runPairJob(handle: JobHandle, setup: DeviceSetup, device: DeviceListing): Promise<void> {
  handle.begin();
  handle.progress({ phase: 'connecting' });
  const onWaiting = (need: PairingNeed): void => handle.progress({ phase: PHASES[need] });
  const { existing, wifi, willEncrypt } = await pairWith(setup, device, { onWaiting, signal: handle.signal });
  handle.result({ result: { existing, wifi, ...(willEncrypt === undefined ? {} : { encrypted: willEncrypt }) } });
}
