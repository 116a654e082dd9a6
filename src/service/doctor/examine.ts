import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  formatMuxAddress,
  listMuxDevices,
  surveyNetwork,
  type DeviceListing,
  type NetworkSurvey,
} from '../../device/index.ts';
import { AppError, isAppError, systemErrorCode, type ErrorCode } from '../../shared/errors.ts';
import { findDevices, type DeviceSetup } from '../devices/find-devices.ts';
import { explainNetwork, explainTrust } from './explain-network.ts';
import { isVaultExpected, openKnownVault } from '../../vault/index.ts';
import { listPairs } from '../pairs/pairs.ts';
import type { Places } from '../../shared/places.ts';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, for scripts: "usbmuxd", "device", "vault" … */
  readonly check: string;
  /** `attention` works, but not as well as it could; `problem` does not. */
  readonly state: 'ok' | 'attention' | 'problem';
  /** What was found, as a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly code?: ErrorCode | undefined;
  readonly udid?: string | undefined;
}

export interface DoctorRequest {
  readonly setup: DeviceSetup;
  readonly places: Places;
  readonly vaultDir: string;
  readonly signal?: AbortSignal | undefined;
  /** How the network is looked at; tests bring their own. */
  readonly survey?: () => Promise<NetworkSurvey>;
}

/** Below this a phone's first backup will hardly fit. */
const LITTLE_SPACE_BYTES = 20e9;

/** Looks at everything between this computer and its phones, and at where their backups go. Changes nothing. */
export async function* examine(request: DoctorRequest): AsyncGenerator<Finding> {
  const mux = await examineMux(request);
  yield mux;
  const devices = await findAll(request, mux.state === 'ok');
  yield* examineDevices(devices);
  yield* examinePairs(request, Array.isArray(devices) ? devices : []);
  yield await examineRecords(request.places.pairRecordsDir);
  yield* examineVault(request);
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
    hint: 'Passwords, Wi-Fi networks, Health and call history are only in encrypted backups.',
  };
}

/** Whoever can read a pair record can back the phone up. */
async function examineRecords(dir: string): Promise<Finding> {
  const check = 'pair-records';
  try {
    if (await isOpen(dir)) return openRecords(dir, `chmod 700 ${dir}`);
    const files = (await readdir(dir)).map((name) => join(dir, name));
    for (const file of files) if (await isOpen(file)) return openRecords(file, `chmod 600 ${file}`);
    return { check, state: 'ok', message: 'The keys to your devices are readable by you alone.' };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT')
      return { check, state: 'ok', message: 'No device was paired by Holdfast yet.' };
    return problem(check, new AppError('STORAGE_FAILED', `${dir} cannot be looked at`, { cause: error }));
  }
}

async function isOpen(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0;
}

function openRecords(path: string, command: string): Finding {
  return {
    check: 'pair-records',
    state: 'problem',
    code: 'STORAGE_FAILED',
    message: `Other users of this computer can look into ${path}, which holds keys to your devices.`,
    hint: `Close it: ${command}`,
  };
}

async function* examineVault({ vaultDir, places }: DoctorRequest): AsyncGenerator<Finding> {
  const check = 'vault';
  if (!(await isVaultExpected(vaultDir, places.stateDir)) && (await isUnusedPlace(vaultDir))) {
    yield { check, state: 'ok', message: `There is no vault yet; the first backup makes one in ${vaultDir}.` };
    yield* examinePlace(await nearestFolder(vaultDir));
    return;
  }
  try {
    await using vault = await openKnownVault({
      dir: vaultDir,
      stateDir: places.stateDir,
      purpose: 'holdfast doctor',
      create: false,
      lock: 'none',
    });
    const count = vault.snapshots().length;
    const unreadable = vault.unreadableRecords().length;
    if (unreadable > 0) {
      yield {
        check,
        state: 'problem',
        code: 'SNAPSHOT_CORRUPT',
        message: `The vault in ${vaultDir} has damaged records of snapshots: ${unreadable}.`,
        hint: '`holdfast verify` tells which.',
      };
    } else
      yield {
        check,
        state: 'ok',
        message: `The vault in ${vaultDir} opens; it holds ${count === 1 ? '1 snapshot' : `${count} snapshots`}.`,
      };
    yield examineSpace(vault.freeBytes());
  } catch (error) {
    yield problem(check, error);
    return;
  }
  yield await examineWritable(vaultDir, `the vault in ${vaultDir}`);
}

/** Where the first backup would make the vault. */
async function* examinePlace(folder: string): AsyncGenerator<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    yield examineSpace(bavail * bsize);
  } catch (error) {
    yield problem('space', new AppError('STORAGE_FAILED', `${folder} cannot be looked at`, { cause: error }));
    return;
  }
  yield await examineWritable(folder, folder);
}

/** Missing, or an empty folder: a vault may be made there. */
async function isUnusedPlace(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT';
  }
}

/** The folder itself or the nearest above it that is there. */
async function nearestFolder(dir: string): Promise<string> {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() === true || folder === dirname(folder))
      return folder;
  }
}

export function examineSpace(freeBytes: number): Finding {
  const free = freeBytes >= 1e9 ? `${Math.floor(freeBytes / 1e9)} GB` : `${Math.floor(freeBytes / 1e6)} MB`;
  if (freeBytes >= LITTLE_SPACE_BYTES) return { check: 'space', state: 'ok', message: `${free} are free for backups.` };
  return {
    check: 'space',
    state: 'attention',
    code: 'OUT_OF_SPACE',
    message: `Only ${free} are free for backups.`,
    hint: 'Make room on this disk, or keep the vault on a larger one with --vault.',
  };
}

/** @param what the subject of the sentence, beginning with a small letter. */
export async function examineWritable(dir: string, what: string): Promise<Finding> {
  try {
    await access(dir, constants.W_OK | constants.X_OK);
    return { check: 'writable', state: 'ok', message: `${capital(what)} can be written to.` };
  } catch (error) {
    const message = `${what} cannot be written to`;
    const hint = 'Is the disk read-only, or does the folder belong to somebody else?';
    return problem('writable', new AppError('STORAGE_FAILED', message, { hint, cause: error }));
  }
}

function problem(check: string, error: unknown): Finding {
  if (!isAppError(error) || error.code === 'CANCELLED') throw error;
  const { code, message, hint } = error;
  return { check, state: 'problem', code, message: `${capital(message)}.`, hint };
}

/** A sentence begins with a capital letter, except where the name of a program begins it. */
function capital(text: string): string {
  return text.startsWith('usbmuxd') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
