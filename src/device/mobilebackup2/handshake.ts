/**
 * How a conversation with the backup agent begins: the versions of DeviceLink, the device's "ready", and the agent's
 * own greeting.
 */
import { asDictionary, numberAt, type PlistDictionary, PlistReal, stringAt, valueAt } from '../../formats/index.ts';
import { AppError, ProtocolError } from '../../shared/errors.ts';
import { DL_MESSAGE, type DeviceLinkMessage, EMPTY_PARAMETER, encodeMessage } from '../devicelink/messages.ts';
import { deviceError } from './device-errors.ts';
import { numberOf } from './operations.ts';
import type { MobileBackupRequest } from './requests.ts';

/**
 * The DeviceLink version of iOS 14 and later. A device that offers less decides by the answer which operations it
 * asks for (no free space below 300) and under which names (the old ones below 200).
 */
const OUR_VERSION = 400;
/** From here on devices ask how much space is free before they send anything. */
export const VERSION_ASKING_FOR_SPACE = 300;

/** The version to speak, after the device's offer. @throws {ProtocolError} when `message` is none. */
export function agreedVersion(message: DeviceLinkMessage): number {
  const [name, offered] = message;
  const version = numberOf(offered);
  if (name !== DL_MESSAGE.versionExchange || version === undefined || !Number.isInteger(version) || version < 0) {
    unexpected(name, 'its version');
  }
  return Math.min(OUR_VERSION, version);
}

/** Answers the device's version offer. */
export function answerVersion(version: number): Buffer {
  return encodeMessage([DL_MESSAGE.versionExchange, 'DLVersionsOk', version]);
}

/** Greets the agent, once the device is ready. @throws {ProtocolError} when `message` says something else. */
export function answerReady(message: DeviceLinkMessage): Buffer {
  if (message[0] !== DL_MESSAGE.deviceReady) unexpected(message[0], 'that it is ready');
  // The agent compares with reals; integers are refused.
  return processMessage({ MessageName: 'Hello', SupportedProtocolVersions: [new PlistReal(2), new PlistReal(2.1)] });
}

/** @throws {AppError} when the agent does not accept the greeting. */
export function checkHello(message: DeviceLinkMessage, job: MobileBackupRequest['kind']): void {
  const response = responseIn(message);
  if (response === undefined) unexpected(message[0], 'which protocol it speaks');
  checkResponse(response, job);
}

/**
 * @throws {AppError} what the device's error code stands for.
 * @throws {ProtocolError} when there is none: what did not say that it succeeded did not.
 */
export function checkResponse(response: PlistDictionary, job?: MobileBackupRequest['kind']): void {
  const code = numberAt(response, 'ErrorCode');
  if (code === undefined) throw new ProtocolError('the device ended without saying whether it succeeded');
  if (code !== 0) throw deviceError(code, stringAt(response, 'ErrorDescription') ?? '', job);
}

export function processMessage(content: PlistDictionary): Buffer {
  return encodeMessage([DL_MESSAGE.processMessage, content]);
}

/**
 * The agent's answer to a greeting or a request, or undefined when `message` is anything else. Some agents leave out
 * that it is a response.
 */
export function responseIn(message: DeviceLinkMessage): PlistDictionary | undefined {
  const content = message[0] === DL_MESSAGE.processMessage ? asDictionary(message[1]) : undefined;
  const name = valueAt(content, 'MessageName');
  return name === undefined || name === 'Response' ? content : undefined;
}

/** What a device said when it ended the conversation by itself. */
export function endedByDevice(message: DeviceLinkMessage): AppError {
  const told = typeof message[1] === 'string' && message[1] !== EMPTY_PARAMETER ? message[1] : '';
  const reason = told.slice(0, 200);
  const words = reason === '' ? 'the device ended the session by itself' : `the device ended the session: “${reason}”`;
  return new AppError('DEVICE_REFUSED', words, {
    hint: 'Unlock the device and try again; restart it if that does not help.',
    details: { reason },
  });
}

/** Whether that is what a job ended with: the device neither did what it was asked nor declined it. */
export function isEndedByDevice({ code, details }: AppError): boolean {
  return code === 'DEVICE_REFUSED' && details['reason'] !== undefined && details['deviceCode'] === undefined;
}

function unexpected(name: string, wanted: string): never {
  throw new ProtocolError(`the device was to tell ${wanted} and said something else`, {
    details: { message: name.slice(0, 100) },
  });
}
