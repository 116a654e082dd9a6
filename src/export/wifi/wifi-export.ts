import { openWifi, type WifiNetwork, type WifiNetworks } from '../../content/index.ts';
import { wallClock } from '../../shared/time/time-zone.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { html, page, type Markup } from '../text/html.ts';
import { jsonArray } from '../text/json.ts';
import { joinCode, joinText } from './join-code.ts';

const NAME = 'Wi-Fi networks';
/** Nobody but the owner of the files may read them: passwords are in them. */
const PRIVATE = { mode: 0o600 };

/** Wi-Fi networks: a page with codes to print and join by, a table, data. */
export const wifiExport: ContentExport = {
  kind: 'wifi',
  title: NAME,
  formats: ['html', 'csv', 'json'],
  async run({ backup, folder, format, timeZone, onProgress }: ExportRequest): Promise<ExportSummary | undefined> {
    const wifi = await openWifi(backup);
    if (wifi === undefined) return undefined;
    const { networks } = wifi;
    const content =
      format === 'json'
        ? jsonArray(networks.map(asData))
        : format === 'csv'
          ? csv(COLUMNS, networks.map(asRow))
          : wifiPage(networks, timeZone);
    const { path } = await folder.write([`${NAME}.${format}`], content, PRIVATE);
    onProgress?.(networks.length, networks.length);
    return { items: networks.length, notes: notesOf(wifi), ...(format === 'html' && { startPage: path }) };
  },
};

const COLUMNS = [
  'Network',
  'Password',
  'Security',
  'Hidden',
  'Sign-in page',
  'Added',
  'Joined by hand',
  'Joined by itself',
  'Password changed',
  'Access points',
];

function asRow(network: WifiNetwork): CsvValue[] {
  return [
    network.name,
    network.password?.text,
    network.security,
    network.isHidden,
    network.isCaptive,
    network.addedAt,
    network.joinedByUserAt,
    network.joinedBySystemAt,
    network.passwordChangedAt,
    network.accessPoints.map(({ bssid }) => bssid).join(' '),
  ];
}

const asData = ({ password, ...network }: WifiNetwork): object => ({ ...network, password: password?.text });

function notesOf({ networks, hasKeychain, otherEntries }: WifiNetworks): string[] {
  const notes: string[] = [];
  if (networks.some(({ password }) => password !== undefined)) {
    notes.push('The file holds the passwords of networks, readable by anybody who gets it.');
  }
  if (!hasKeychain) notes.push('Passwords of networks can only be read from a backup that was made with a password.');
  if (otherEntries > 0) notes.push(`Entries without a name of their own, which were left out: ${otherEntries}.`);
  return notes;
}

const STYLE = `
.networks { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; margin-top: 1.5rem; padding: 0; list-style: none; }
.network { display: flex; gap: 1rem; border: 1px solid var(--line); border-radius: 14px; padding: 1rem; break-inside: avoid; min-height: 10rem; }
.network h2 { margin: 0 0 .25rem; font-size: 1.05rem; } .network > div { flex: 1; min-width: 0; } .code { width: 8rem; height: 8rem; flex: none; border-radius: 6px; }
.network dl { margin: .5rem 0 0; font-size: .875rem; } .network dt { color: var(--quiet); } .network dd { margin: 0 0 .35rem; }
code { font-family: ui-monospace, "SF Mono", Consolas, monospace; user-select: all; }
main { max-width: 60rem; }
`;

function wifiPage(networks: readonly WifiNetwork[], timeZone: string): string {
  const count = networks.length === 1 ? '1 network' : `${networks.length} networks`;
  const content = html`<h1>${NAME}</h1>
<p class="quiet">${count}, the latest joined first. Point a camera at a code to join. This page shows passwords: keep it to yourself.</p>
<ul class="networks">${networks.map((network) => card(network, timeZone))}</ul>`;
  return page({ title: NAME, style: STYLE }, content);
}

function card(network: WifiNetwork, timeZone: string): Markup {
  const code = joinText(network);
  const day = (at: Date | undefined): string | undefined => at && wallClock(timeZone, at).slice(0, 10);
  const marks = [
    network.security,
    network.isHidden === true && 'hidden',
    network.isCaptive === true && 'with a sign-in page',
  ];
  const facts: readonly (readonly [string, string | Markup | undefined])[] = [
    ['Password', passwordOf(network)],
    ['Last joined', day(network.lastJoinedAt)],
    ['Added', day(network.addedAt)],
  ];
  return html`<li class="network"><div><h2>${network.name}</h2><div class="quiet">${marks.filter(Boolean).join(', ')}</div>
<dl>${facts.map(([name, value]) => value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>
${code === undefined ? undefined : joinCode(code, `Join ${network.name}`)}</li>`;
}

function passwordOf({ password, security }: WifiNetwork): string | Markup | undefined {
  if (password !== undefined) return html`<code>${password.text ?? password.bytes.toString('hex')}</code>`;
  return /^(?:open|none)$/i.test(security ?? '') ? undefined : 'not in this backup';
}
