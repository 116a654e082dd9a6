/** What few commands need and brings much with it, loaded when it is asked for: every command loads this folder. */

/** See `status/read-status.ts`. */
export const readStatus: typeof import('./status/read-status.ts').readStatus = async (request) =>
  (await import('./status/read-status.ts')).readStatus(request);

/** See `settings/read-settings.ts`. */
export const readSettings: typeof import('./settings/read-settings.ts').readSettings = async (file) =>
  (await import('./settings/read-settings.ts')).readSettings(file);
