import { appleAppName, openApps, openHomeScreen, type HomeScreenIcon, type InstalledApp } from '../../content/index.ts';
import { appIcon, ICON_STYLE, lastPart } from '../apps/app-icon.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { html, page, type Markup } from '../text/html.ts';
import { jsonText } from '../text/json.ts';
import { csv, type CsvValue } from '../text/csv.ts';

/** The home screen as it looked: for putting things back where they were. */
export const homeScreenExport: ContentExport = {
  kind: 'home-screen',
  title: 'Home screen',
  formats: ['html', 'json', 'csv'],
  run: takeOutHomeScreen,
};

type AppsById = ReadonlyMap<string, InstalledApp>;

async function takeOutHomeScreen({ backup, folder, format }: ExportRequest): Promise<ExportSummary | undefined> {
  const screen = await openHomeScreen(backup);
  if (screen === undefined) return undefined;
  const items = [...screen.dock, ...screen.pages.flat()].reduce((sum, icon) => sum + countOf(icon), 0);
  if (format === 'json') {
    await folder.write(['Home screen.json'], jsonText(screen));
    return { items, notes: [] };
  }
  if (format === 'csv') {
    const rows = [screen.dock, ...screen.pages].flatMap((icons, i) => rowsOf(icons, i === 0 ? 'dock' : String(i), ''));
    await folder.write(['Home screen.csv'], csv(['page', 'position', 'folder', 'kind', 'name', 'id'], rows));
    return { items, notes: [] };
  }
  const apps = new Map((await openApps(backup))?.apps.map((app) => [app.bundleId, app]));
  const content = html`<h1>Home screen</h1>
<div class="screens">${screen.pages.map((icons, i) => screenOf(`Page ${i + 1}`, icons, apps, screen.dock))}${
    screen.today.length > 0 && screenOf('Today', screen.today, apps, [])
  }</div>
${folders([...screen.dock, ...screen.pages.flat()], apps)}`;
  const { path } = await folder.write(['Home screen.html'], page({ title: 'Home screen', style: STYLE }, content));
  return { items, notes: [], startPage: path };
}

const countOf = (icon: HomeScreenIcon): number => (icon.kind === 'folder' ? icon.pages.flat().length : 1);

const STYLE = `${ICON_STYLE}
main { max-width: 72rem; }
.screens { display: flex; flex-wrap: wrap; gap: 1.75rem; margin-top: 1.25rem; }
.screen { break-inside: avoid; } .screen h2 { font-size: .95rem; margin: 0 0 .5rem; color: var(--quiet); }
.phone { width: 18.5rem; min-height: 33rem; display: flex; flex-direction: column; justify-content: space-between; gap: 1rem; padding: 1.1rem .8rem .8rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--soft); }
.grid { display: grid; grid-template-columns: repeat(4, 1fr); gap: .85rem .35rem; align-content: start; justify-items: center; }
.dock { padding: .7rem 0; border-radius: 1.4rem; background: var(--line); }
.cell { width: 4rem; text-align: center; font-size: .68rem; line-height: 1.25; } .cell > .app-icon, .cell > .folder { margin: 0 auto .25rem; }
.cell > .label { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 1.45; }
.folder { display: grid; grid-template-columns: repeat(3, 1fr); gap: 2px; width: 2.6rem; height: 2.6rem; padding: .28rem; border-radius: 22.5%; background: var(--line); align-content: start; overflow: hidden; }
.folder .app-icon { width: .6rem; height: .6rem; font-size: .4rem; border-radius: 25%; }
.widget { border-radius: 1.1rem; background: var(--page); border: 1px solid var(--line); display: flex; align-items: center; justify-content: center; text-align: center; width: 100%; font-size: .72rem; color: var(--quiet); padding: .5rem; }
.small { grid-column: span 2; grid-row: span 2; aspect-ratio: 1; } .medium { grid-column: span 4; min-height: 7.5rem; } .large, .extra-large { grid-column: span 4; min-height: 16rem; }
.inside { margin: .5rem 0 1rem; display: flex; flex-wrap: wrap; gap: .75rem .5rem; }
`;

function screenOf(
  title: string,
  icons: readonly HomeScreenIcon[],
  apps: AppsById,
  dock: readonly HomeScreenIcon[],
): Markup {
  return html`<section class="screen"><h2>${title}</h2><div class="phone"><div class="grid">${icons.map((icon) => cell(icon, apps))}</div>${
    dock.length > 0 && html`<div class="grid dock">${dock.map((icon) => cell(icon, apps))}</div>`
  }</div></section>`;
}

function cell(icon: HomeScreenIcon, apps: AppsById): Markup {
  if (icon.kind === 'widget') {
    const names = icon.widgets.map(({ bundleId, name }) =>
      bundleId === undefined ? (name ?? 'Widget') : nameOf(bundleId, apps),
    );
    return html`<div class="widget ${icon.size}">${names.join(' / ') || 'Widget'}</div>`;
  }
  const name = titleOf(icon, apps);
  return html`<div class="cell">${picture(icon, apps)}<span class="label" title="${name}" dir="auto">${name}</span></div>`;
}

function picture(icon: HomeScreenIcon, apps: AppsById): Markup {
  if (icon.kind === 'folder') {
    const first = icon.pages.flat().slice(0, 9);
    return html`<div class="folder">${first.map((each) => picture(each.kind === 'folder' ? { kind: 'unknown' } : each, apps))}</div>`;
  }
  const id = icon.kind === 'app' ? icon.bundleId : icon.kind === 'web-clip' ? icon.id : '';
  return appIcon(id, titleOf(icon, apps) || undefined, apps.get(id)?.icon);
}

function titleOf(icon: HomeScreenIcon, apps: AppsById): string {
  switch (icon.kind) {
    case 'app':
      return nameOf(icon.bundleId, apps);
    case 'folder':
      return icon.name || 'Folder';
    case 'web-clip':
      return icon.name ?? 'Web page';
    case 'widget':
    case 'unknown':
      return '';
    default:
      return icon satisfies never;
  }
}

const nameOf = (bundleId: string, apps: AppsById): string =>
  apps.get(bundleId)?.name ?? appleAppName(bundleId) ?? lastPart(bundleId);

/** What is in the folders, which the picture shows too small. */
function folders(icons: readonly HomeScreenIcon[], apps: AppsById): Markup[] {
  return icons.flatMap((icon) =>
    icon.kind === 'folder'
      ? [
          html`<h2 dir="auto">${icon.name || 'Folder'}</h2><div class="inside">${icon.pages.flat().map((each) => cell(each, apps))}</div>`,
        ]
      : [],
  );
}

function rowsOf(icons: readonly HomeScreenIcon[], pageName: string, folderName: string): CsvValue[][] {
  return icons.flatMap((icon, i): CsvValue[][] => {
    const [name, id] =
      icon.kind === 'app'
        ? [appleAppName(icon.bundleId), icon.bundleId]
        : icon.kind === 'folder'
          ? [icon.name, undefined]
          : icon.kind === 'web-clip'
            ? [icon.name, icon.id]
            : icon.kind === 'widget'
              ? [
                  icon.widgets.map(({ name: each }) => each).join('; '),
                  icon.widgets.map(({ bundleId }) => bundleId).join('; '),
                ]
              : [undefined, undefined];
    const own = [pageName, i + 1, folderName, icon.kind, name, id];
    return icon.kind === 'folder' ? [own, ...rowsOf(icon.pages.flat(), pageName, icon.name)] : [own];
  });
}
