/** Everything about restoring, for whoever restores: see `loadRestoring`. */
export { restoreDevice } from './restore-device.ts';
export { restoreSelected } from './restore-selected.ts';
export { appsOfVersion } from './apps-of-version.ts';
export { parseChoice, SELECTABLE_KINDS } from '../../restore/index.ts';
