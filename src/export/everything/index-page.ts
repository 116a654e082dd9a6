import type { Backup } from '../../snapshot/index.ts';
import { fileAddress, html, page, type Markup } from '../text/html.ts';
import type { TakenOutKind } from './take-out.ts';

const STYLE = `
.kinds { list-style: none; margin: 1.5rem 0 0; padding: 0; }
.kinds li { padding: .7rem 0; border-top: 1px solid var(--line); }
.kinds a { font-weight: 600; text-decoration: none; } .kinds .count { color: var(--quiet); margin-left: .5rem; }
.kinds p { margin: .15rem 0 0; }
`;

/** The page that leads to everything that was taken out, and says what was not, and why. */
export function indexPage(backup: Backup, kinds: readonly TakenOutKind[], timeZone: string): string {
  const name = backup.facts?.deviceName ?? backup.info?.deviceName ?? 'iPhone';
  const takenAt = backup.facts?.date ?? backup.info?.lastBackupAt;
  const when =
    takenAt && new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(takenAt);
  const missing = kinds.filter(({ result }) => result.state === 'absent');
  const title = `What is on ${name}`;
  const content = html`<h1>${name}</h1>
<p class="quiet">${when === undefined ? 'A backup without a date' : `As it was on ${when} (${timeZone})`}${backup.iosVersion === undefined ? '' : `, iOS ${backup.iosVersion}`}.</p>
<ul class="kinds">${kinds.filter(({ result }) => result.state !== 'absent').map(kindItem)}</ul>
${
  missing.length > 0 &&
  html`<h2>Not in this backup</h2>
<p>${missing.map(({ title: each }) => each).join(', ')}.</p>
${!backup.isEncrypted && html`<p class="quiet">The backup is not encrypted. Passwords, Health, call history and Safari history are only in encrypted ones.</p>`}`
}`;
  return page({ title, style: STYLE }, content);
}

function kindItem({ title, path, result }: TakenOutKind): Markup {
  if (result.state === 'unreadable') {
    return html`<li><span>${title}</span><p class="quiet">Could not be read: ${result.problem}.</p></li>`;
  }
  if (result.state === 'absent') return html``;
  const { items, notes, startPage } = result.summary;
  const folder = path === undefined ? '' : `${path}/`;
  const address = fileAddress(startPage === undefined ? folder : `${folder}${startPage}`);
  return html`<li><a href="${address}">${title}</a><span class="count">${items.toLocaleString('en')}</span>${notes.map((note) => html`<p class="quiet">${note}</p>`)}</li>`;
}
