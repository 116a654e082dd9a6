import {
  formatMuxAddress,
  listMuxDevices,
  surveyNetwork,
  type DeviceListing,
  type NetworkSurvey,
} from '../../device/index.ts';
import type { Places } from '../../shared/files/places.ts';
import { type DeviceSetup, findDevices } from '../devices/find-devices.ts';
import { listPairs } from '../pairs/pairs.ts';
import { examineRecords } from './examine-pair-records.ts';
import { examineVault } from './examine-vault.ts';
import { explainNetwork, explainTrust } from './explain-network.ts';
import { type Finding, problem } from './finding.ts';

export interface DoctorRequest {
  readonly setup: DeviceSetup;
  readonly places: Places;
  readonly vaultDir: string;
  readonly signal?: AbortSignal | undefined;
  /** How the network is looked at; tests bring their own. */
  readonly survey?: () => Promise<NetworkSurvey>;
}

/** Looks at everything between this computer and its phones, and at where their backups go. Changes nothing. */
export async function* examine(request: DoctorRequest): AsyncGenerator<Finding> {
  const mux = await examineMux(request);
  yield mux;
  const devices = await findAll(request, mux.state === 'ok');
  yield* examineDevices(devices);
  yield* examinePairs(request, Array.isArray(devices) ? devices : []);
  yield await examineRecords(request.places.pairRecordsDir);
  yield* examineVault({ vaultDir: request.vaultDir, stateDir: request.places.stateDir });
}

async function examineMux({ setup, signal }: DoctorRequest): Promise<Finding> {
  const address = formatMuxAddress(setup.muxAddress);
  try {
    await listMuxDevices(setup.muxAddress, { signal });
    return { check: 'usbmuxd', state: 'ok', message: `usbmuxd answers at ${address}.` };
  } catch (error) {
    return problem('usbmuxd', error);
  }
}

/** The devices in reach; else what kept them from being looked for, unless that is usbmuxd, which was told before. */
async function findAll(
  { setup, signal }: DoctorRequest,
  muxAnswers: boolean,
): Promise<DeviceListing[] | Finding | undefined> {
  try {
    return await findDevices(setup, { network: true, signal });
  } catch (error) {
    const found = problem('device', error);
    return muxAnswers ? found : undefined;
  }
}

function* examineDevices(devices: DeviceListing[] | Finding | undefined): Generator<Finding> {
  if (!Array.isArray(devices)) {
    if (devices !== undefined) yield devices;
    return;
  }
  if (devices.length === 0) {
    yield {
      check: 'device',
      state: 'attention',
      code: 'DEVICE_NOT_FOUND',
      message: 'No device is connected, and no paired one was found on the network.',
      hint:
        'Use a cable that carries data, unlock the device and look at its screen: locked for an hour, it keeps silent on ' +
        'the cable. For Wi-Fi both must be in the same network, not a guest one, and the device awake or charging.',
    };
  }
  for (const device of devices) yield examineDevice(device);
}

/** Where the paired devices are that are not here, and which pairings come to their end. */
async function* examinePairs(request: DoctorRequest, devices: readonly DeviceListing[]): AsyncGenerator<Finding> {
  const { setup, signal, survey = () => surveyNetwork({ signal }) } = request;
  const pairs = await listPairs(setup);
  yield* explainTrust(pairs);
  const missing = pairs.filter(({ udid }) => devices.every((device) => device.udid !== udid));
  if (missing.length > 0) yield* explainNetwork(await survey(), missing);
}

/** What a listed device says about itself. */
export function examineDevice({ udid, facts, connections, paired, problem: failure }: DeviceListing): Finding {
  const name = facts.name ?? udid;
  const base = { check: 'device', udid };
  if (failure !== undefined) return { ...problem('device', failure), udid, message: `${name}: ${failure.message}.` };
  if (!paired) {
    return {
      ...base,
      state: 'problem',
      code: 'DEVICE_NOT_TRUSTED',
      message: `${name} is connected but does not trust this computer.`,
      hint: 'Unlock it, run `holdfast pair`, tap “Trust” on it and enter its passcode there.',
    };
  }
  const reached = connections.includes('usb') ? 'by cable' : 'over Wi-Fi';
  if (facts.willEncrypt !== false) return { ...base, state: 'ok', message: `${name} is ready (${reached}).` };
  return {
    ...base,
    state: 'attention',
    message: `${name} is ready (${reached}), but its backups are not encrypted.`,
    hint: 'Only encrypted ones hold passwords, Wi-Fi networks, Health and call history: `holdfast encryption on`.',
  };
}
