import { whenAsked } from '../shared/flow/when-asked.ts';

/** See `verify-deep/verify-deep.ts`, which is loaded when it is asked for: every command of the vault loads this folder. */
export const verifyDeep: typeof import('./verify-deep/verify-deep.ts').verifyDeep = (backup, options) =>
  whenAsked(async () => (await import('./verify-deep/verify-deep.ts')).verifyDeep(backup, options));
