/** What looks for devices on the network, and what pairs: loaded when it is asked for, every command loads this folder. */
import { whenAsked } from '../shared/flow/when-asked.ts';

/** See `discovery/find-nearby.ts`. */
export const findNearby: typeof import('./discovery/find-nearby.ts').findNearby = (options) =>
  whenAsked(async () => (await import('./discovery/find-nearby.ts')).findNearby(options));

/** See `discovery/prepare-for-wifi.ts`. */
export const prepareForWifi: typeof import('./discovery/prepare-for-wifi.ts').prepareForWifi = async (client, at) =>
  (await import('./discovery/prepare-for-wifi.ts')).prepareForWifi(client, at);

/** See `discovery/survey.ts`. */
export const surveyNetwork: typeof import('./discovery/survey.ts').surveyNetwork = async (options) =>
  (await import('./discovery/survey.ts')).surveyNetwork(options);

/** See `pairing/create-pair-record.ts`. */
export const createPairRecord: typeof import('./pairing/create-pair-record.ts').createPairRecord = async (request) =>
  (await import('./pairing/create-pair-record.ts')).createPairRecord(request);

/** See `pairing/pair-device.ts`. */
export const pairDevice: typeof import('./pairing/pair-device.ts').pairDevice = async (options) =>
  (await import('./pairing/pair-device.ts')).pairDevice(options);
