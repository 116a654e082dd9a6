import { openApps, type Apps, type InstalledApp } from '../../content/index.ts';
import { formatSize } from '../../shared/text/size.ts';
import { wallClock } from '../../shared/time/time-zone.ts';
import { dayAndYear } from '../calendar/words.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { html, page, type Markup } from '../text/html.ts';
import { jsonArray } from '../text/json.ts';
import { appIcon, ICON_STYLE } from './app-icon.ts';

/** The apps of the device: what there was, and how much each keeps in the backup. */
export const appsExport: ContentExport = {
  kind: 'apps',
  title: 'Apps',
  formats: ['html', 'csv', 'json'],
  run: takeOutApps,
};

async function takeOutApps({ backup, folder, format, timeZone }: ExportRequest): Promise<ExportSummary | undefined> {
  const apps = await openApps(backup);
  if (apps === undefined) return undefined;
  let startPage: string | undefined;
  if (format === 'csv') await folder.write(['Apps.csv'], csv(COLUMNS, apps.apps.map(cells)));
  else if (format === 'json')
    await folder.write(['Apps.json'], jsonArray(apps.apps.map(({ icon: _icon, ...app }) => app)));
  else startPage = (await folder.write(['Apps.html'], appsPage(apps, timeZone))).path;
  const { filesWithoutSize } = apps;
  const notes =
    filesWithoutSize === 0 ? [] : [`The sizes of ${filesWithoutSize} files are not known; they count as nothing.`];
  return { items: apps.apps.length, notes, ...(startPage !== undefined && { startPage }) };
}

const COLUMNS = [
  'bundle id',
  'name',
  'version',
  'build',
  'publisher',
  'genre',
  'bought',
  'files',
  'bytes in this backup',
  'installed',
  'containers',
];

const cells = (app: InstalledApp): CsvValue[] => [
  app.bundleId,
  app.name,
  app.version,
  app.build,
  app.publisher,
  app.genre,
  app.boughtAt,
  app.files,
  app.sizeBytes,
  app.isListed,
  app.containers.map(({ domain }) => domain).join('; '),
];

const STYLE = `${ICON_STYLE}
td.icon { width: 3.25rem; } td.size, th.size { text-align: right; padding-right: 0; white-space: nowrap; } td strong { display: block; }
`;

function appsPage({ apps, sharedContainers }: Apps, timeZone: string): string {
  const installed = apps.filter(({ isListed }) => isListed);
  const keeping = installed.filter(({ files }) => files > 0);
  const empty = installed.filter(({ files }) => files === 0);
  const others = apps.filter(({ isListed }) => !isListed);
  const content = html`<h1>Apps</h1>
<p class="quiet">${installed.length} installed. The apps themselves are in no backup: a restored device fetches them from the App Store.</p>
${section('Keep something in this backup', keeping, timeZone)}
${section('Keep nothing in this backup', empty, timeZone)}
${section('Come with iOS', others, timeZone)}
${
  sharedContainers.length > 0 &&
  html`<h2>Shared between apps</h2><table><tbody>${sharedContainers.map(({ domain, sizeBytes }) => html`<tr><td>${domain.replace('AppDomainGroup-', '')}</td><td class="size">${formatSize(sizeBytes)}</td></tr>`)}</tbody></table>`
}`;
  return page({ title: 'Apps', style: STYLE }, content);
}

function section(title: string, apps: readonly InstalledApp[], timeZone: string): Markup | undefined {
  if (apps.length === 0) return undefined;
  const rows = apps.map((app) => {
    const facts = [
      app.version ?? app.build,
      app.publisher,
      app.boughtAt && `since ${dayAndYear(wallClock(timeZone, app.boughtAt))}`,
    ].filter(Boolean);
    const name = app.name ?? app.bundleId;
    return html`<tr><td class="icon">${appIcon(app.bundleId, app.name, app.icon)}</td><td><strong>${name}</strong><span class="quiet">${[name === app.bundleId ? undefined : app.bundleId, ...facts].filter(Boolean).join(' · ')}</span></td><td class="size">${app.files > 0 && formatSize(app.sizeBytes)}</td></tr>`;
  });
  return html`<h2>${title}</h2><table><tbody>${rows}</tbody></table>`;
}
