import type { RestoreWarning } from '../../contract/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { Chosen } from './choice.ts';

/** What a selection says of apps. */
export interface ApplicationsToAdd {
  /** Chosen apps that the device does not have, and the older backup knows. */
  readonly missing: readonly string[];
  readonly warnings: readonly RestoreWarning[];
}

/** Looks which chosen apps the device has to load first, and whether one has data newer than the app. */
export function applicationsToAdd(current: Backup, older: Backup, choice: readonly Chosen[]): ApplicationsToAdd {
  const [now, then] = [versionsOf(current), versionsOf(older)];
  const missing: string[] = [];
  const warnings: RestoreWarning[] = [];
  const warn = (code: 'app-missing' | 'app-older' | 'app-passwords', app: string, message: string): void =>
    void warnings.push({ code, app, message });
  for (const chosen of choice) {
    if (!('app' in chosen)) continue;
    const { app } = chosen;
    if (!now.has(app)) {
      if (then.has(app)) missing.push(app);
      warn('app-missing', app, `${app} is not on the device: its data waits there until you load the app.`);
    } else if (isBuildNewer(then.get(app), now.get(app))) {
      warn('app-older', app, `The data is of a newer version of ${app} than the device has: update the app first.`);
    }
    warn(
      'app-passwords',
      app,
      `Passwords that ${app} keeps in the keychain do not come along: you may have to sign in again.`,
    );
  }
  return { missing, warnings };
}

function versionsOf({ facts, info }: Backup): Map<string, string | undefined> {
  const versions = new Map<string, string | undefined>();
  for (const bundleId of info?.installedApplications ?? []) versions.set(bundleId, undefined);
  for (const { bundleId, version } of facts?.applications ?? []) versions.set(bundleId, version);
  return versions;
}

/** Numbers with full stops between them; what else developers write cannot be compared. */
function isBuildNewer(build: string | undefined, than: string | undefined): boolean {
  const [theirs, mine] = [numbersOf(build), numbersOf(than)];
  if (theirs === undefined || mine === undefined) return false;
  const differing = theirs.findIndex((number, i) => number !== (mine[i] ?? 0));
  return differing !== -1 && (theirs[differing] ?? 0) > (mine[differing] ?? 0);
}

function numbersOf(build: string | undefined): number[] | undefined {
  return build !== undefined && /^\d+(?:\.\d+)*$/.test(build) ? build.split('.').map(Number) : undefined;
}
