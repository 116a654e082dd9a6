/** What few commands need and brings much with it, loaded when it is asked for: every command loads this folder. */
import { whenAsked } from '../shared/flow/when-asked.ts';

/** See `backup/back-up-devices.ts`. */
export const backUpDevices: typeof import('./backup/back-up-devices.ts').backUpDevices = (request) =>
  whenAsked(async () => (await import('./backup/back-up-devices.ts')).backUpDevices(request));

/** See `copies/set-up-copy.ts`. */
export const setUpCopy: typeof import('./copies/set-up-copy.ts').setUpCopy = async (place, copy) =>
  (await import('./copies/set-up-copy.ts')).setUpCopy(place, copy);

/** See `doctor/examine.ts`. */
export const examine: typeof import('./doctor/examine.ts').examine = (request) =>
  whenAsked(async () => (await import('./doctor/examine.ts')).examine(request));

/** See `encryption/change-encryption.ts`. */
export const changeEncryption: typeof import('./encryption/change-encryption.ts').changeEncryption = (request) =>
  whenAsked(async () => (await import('./encryption/change-encryption.ts')).changeEncryption(request));

/** See `encryption/check-passwords.ts`. */
export const checkPasswords: typeof import('./encryption/check-passwords.ts').checkPasswords = (request) =>
  whenAsked(async () => (await import('./encryption/check-passwords.ts')).checkPasswords(request));

/** See `encryption/newest-keybag.ts`. */
export const newestKeybag: typeof import('./encryption/newest-keybag.ts').newestKeybag = async (request) =>
  (await import('./encryption/newest-keybag.ts')).newestKeybag(request);

/** See `pairs/exchange.ts`. */
export const exportPair: typeof import('./pairs/exchange.ts').exportPair = async (setup, udid, to) =>
  (await import('./pairs/exchange.ts')).exportPair(setup, udid, to);

/** See `pairs/exchange.ts`. */
export const importPairs: typeof import('./pairs/exchange.ts').importPairs = async (request) =>
  (await import('./pairs/exchange.ts')).importPairs(request);

/** See `pairs/pair-with.ts`. */
export const pairWith: typeof import('./pairs/pair-with.ts').pairWith = async (setup, device, options) =>
  (await import('./pairs/pair-with.ts')).pairWith(setup, device, options);

/** See `pairs/renew.ts`. */
export const renewPairs: typeof import('./pairs/renew.ts').renewPairs = (setup, pairs, options) =>
  whenAsked(async () => (await import('./pairs/renew.ts')).renewPairs(setup, pairs, options));

/** See `reading/describe-snapshot.ts`. */
export const describeSnapshot: typeof import('./reading/describe-snapshot.ts').describeSnapshot = async (request) =>
  (await import('./reading/describe-snapshot.ts')).describeSnapshot(request);

/** See `reading/earlier-versions.ts`. */
export const earlierVersionsOf: typeof import('./reading/earlier-versions.ts').earlierVersionsOf = async (
  request,
  record,
) => (await import('./reading/earlier-versions.ts')).earlierVersionsOf(request, record);

/** See `reading/search-versions.ts`. */
export const searchIndexOf: typeof import('./reading/search-versions.ts').searchIndexOf = async (
  opened,
  stateDir,
  signal,
  options,
) => (await import('./reading/search-versions.ts')).searchIndexOf(opened, stateDir, signal, options);

/** See `reading/search-versions.ts`. */
export const versionsOf: typeof import('./reading/search-versions.ts').versionsOf = async (request) =>
  (await import('./reading/search-versions.ts')).versionsOf(request);

/** See `reading/verify-deeply.ts`. */
export const verifyDeeply: typeof import('./reading/verify-deeply.ts').verifyDeeply = (request) =>
  whenAsked(async () => (await import('./reading/verify-deeply.ts')).verifyDeeply(request));

/** See `recovery-pages.ts`. */
export const makeRecoveryPages: typeof import('./recovery-pages.ts').makeRecoveryPages = async (request) =>
  (await import('./recovery-pages.ts')).makeRecoveryPages(request);

/** See `retention/forgetting.ts`. */
export const carryOutForgetting: typeof import('./retention/forgetting.ts').carryOutForgetting = async (
  vault,
  request,
  plan,
) => (await import('./retention/forgetting.ts')).carryOutForgetting(vault, request, plan);

/** See `retention/forgetting.ts`. */
export const planForgetting: typeof import('./retention/forgetting.ts').planForgetting = async (request) =>
  (await import('./retention/forgetting.ts')).planForgetting(request);

/** See `settings/read-settings.ts`. */
export const readSettings: typeof import('./settings/read-settings.ts').readSettings = async (file) =>
  (await import('./settings/read-settings.ts')).readSettings(file);

/** See `status/read-status.ts`. */
export const readStatus: typeof import('./status/read-status.ts').readStatus = async (request) =>
  (await import('./status/read-status.ts')).readStatus(request);
