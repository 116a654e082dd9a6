import type { Apps as ToldApps, AppsQuery, InstalledApp as ToldApp } from '../../../contract/index.ts';
import type { InstalledApp } from '../../../content/index.ts';
import { contentOfBytes, notThere, type Content } from '../files/stored-content.ts';
import { appsIn, homeScreenIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, pageFrom, textOrNone } from '../values.ts';
import { placesOnHomeScreen, type HomeScreenPlace } from './home-screen-places.ts';

/** What comes with the system; where no list tells what was installed, its name does. */
export const isBuiltIn = ({ isListed, bundleId }: Pick<InstalledApp, 'isListed' | 'bundleId'>): boolean =>
  !isListed && bundleId.startsWith('com.apple.');

/** The apps that have to be put back, then those of the system. */
export async function listApps(unlocked: Unlocked, query: AppsQuery): Promise<ToldApps> {
  const { apps, sharedContainers } = demandKind(await appsIn(unlocked), 'list of apps');
  const places = await unlocked.once('places of apps', async () => placesOnHomeScreen(await homeScreenIn(unlocked)));
  const installed = apps.filter((app) => !isBuiltIn(app));
  const wanted = query.q?.trim().toLocaleLowerCase();
  const found = wanted ? apps.filter((app) => haystackOf(app).includes(wanted)) : apps;
  const sorted = query.order === 'size' ? found : byName(found);
  const inOrder = [...sorted.filter((app) => !isBuiltIn(app)), ...sorted.filter(isBuiltIn)];
  return {
    ...pageFrom(inOrder, query, (app) => tell(app, places)),
    installed: installed.length,
    withoutData: installed.filter(({ files }) => files === 0).length,
    bytes: [...apps, ...sharedContainers].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** The picture of an app. @throws {AppError} CONTENT_NOT_FOUND where the version has none */
export async function appIcon(unlocked: Unlocked, id: string): Promise<Content> {
  const { apps } = demandKind(await appsIn(unlocked), 'list of apps');
  const { icon } = demandItem(
    apps.find(({ bundleId }) => bundleId === id),
    'app',
  );
  if (icon === undefined) throw notThere('there is no picture of this app');
  return contentOfBytes(icon, { name: `${id}.png`, type: 'image/png', isInline: true });
}

function byName(apps: readonly InstalledApp[]): InstalledApp[] {
  const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return apps.toSorted((a, b) => collator.compare(a.name ?? a.bundleId, b.name ?? b.bundleId));
}

const haystackOf = ({ name, bundleId, publisher }: InstalledApp): string =>
  [name, bundleId, publisher].filter(Boolean).join('\n').toLocaleLowerCase();

function tell(app: InstalledApp, places: ReadonlyMap<string, HomeScreenPlace>): ToldApp {
  const { bundleId, storeId } = app;
  return {
    id: bundleId,
    name: textOrNone(app.name),
    version: textOrNone(app.version),
    publisher: textOrNone(app.publisher),
    boughtAt: isoOf(app.boughtAt),
    storeId: storeId !== undefined && Number.isSafeInteger(storeId) && storeId > 0 ? storeId : undefined,
    isBuiltIn: isBuiltIn(app),
    files: app.files,
    bytes: app.sizeBytes,
    hasIcon: app.icon !== undefined,
    onHomeScreen: places.get(bundleId),
  };
}
