import type { HomeScreen, HomeScreenIcon } from '../../../content/index.ts';

/** Where an app stands: the dock has no page. */
export interface HomeScreenPlace {
  readonly page?: number;
  readonly folder?: string;
}

/** Where each app stands on the home screen, by its identifier; the first place of those that stand there twice. */
export function placesOnHomeScreen(screen: HomeScreen | undefined): ReadonlyMap<string, HomeScreenPlace> {
  const places = new Map<string, HomeScreenPlace>();
  const note = (icons: readonly HomeScreenIcon[], place: HomeScreenPlace): void => {
    for (const icon of icons) {
      if (icon.kind === 'app' && !places.has(icon.bundleId)) places.set(icon.bundleId, place);
      if (icon.kind === 'folder') note(icon.pages.flat(), { ...place, ...(icon.name !== '' && { folder: icon.name }) });
    }
  };
  note(screen?.dock ?? [], {});
  for (const [i, icons] of (screen?.pages ?? []).entries()) note(icons, { page: i + 1 });
  return places;
}
