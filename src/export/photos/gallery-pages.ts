import { fileAddress, html, page, type Markup } from '../text/html.ts';
import type { Tile } from './gallery.ts';
import { countsInWords, STATES_IN_WORDS } from './words.ts';

/** A page of photos, as the overview shows it. */
export interface PageLink {
  readonly title: string;
  /** Which of several pages; undefined when it is the only one. */
  readonly number: number | undefined;
  readonly path: string;
  readonly photos: number;
  readonly videos: number;
  readonly cover: string | undefined;
}

const STYLE = `
main { max-width: 84rem; } header { margin-bottom: 1.5rem; }
.grid { display: grid; gap: .35rem; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
.tile { position: relative; display: block; aspect-ratio: 1; overflow: hidden; border-radius: .4rem; background: var(--soft); color: var(--quiet); text-decoration: none; }
.tile img { width: 100%; height: 100%; object-fit: cover; display: block; }
.tile .name { position: absolute; inset: auto 0 0 0; padding: .5rem; font-size: .75rem; text-align: center; }
.tile .none { position: absolute; inset: 0; display: grid; place-items: center; font-size: .8rem; padding: .75rem; text-align: center; }
.marks { position: absolute; inset: auto .35rem .35rem auto; display: flex; gap: .25rem; }
.marks span { background: rgb(0 0 0 / .6); color: #fff; border-radius: .6rem; padding: 0 .45rem; font-size: .7rem; line-height: 1.35rem; }
a.tile:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; } .away img { opacity: .55; }
.days { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.4rem 1.1rem; }
.day { max-width: 100%; } .day h2 { font-size: .95rem; margin: 0 0 .4rem; white-space: nowrap; } .day div { display: flex; flex-wrap: wrap; gap: .35rem; }
.day .tile { width: 9.5rem; }
.cards { display: grid; gap: 1.1rem .9rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.card { color: inherit; text-decoration: none; } .card .tile { margin-bottom: .4rem; } .card b { font-weight: 600; display: block; line-height: 1.3; }
.notes { background: var(--soft); border-radius: .7rem; padding: .75rem 1.1rem; margin: 1rem 0 0; } .notes p { margin: .25rem 0; }
@media print { .grid { grid-template-columns: repeat(5, 1fr); } .tile { break-inside: avoid; } .marks span { background: none; color: #000; } }
`;

const MONTHS = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const DAYS = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', timeZone: 'UTC' });

/** Photos of one month, album or section, by days where they have one. */
export function photoPage(heading: { title: string; number?: number; of?: number }, tiles: readonly Tile[]): string {
  const title = titleOf(heading.title);
  const which = heading.number === undefined ? '' : `, page ${heading.number} of ${heading.of ?? 1}`;
  const isMonth = title !== heading.title;
  const content = isMonth
    ? html`<div class="days">${[...Map.groupBy(tiles, ({ wall = '' }) => wall.slice(0, 10))].map(dayMarkup)}</div>`
    : html`<div class="grid">${tiles.map(tileMarkup)}</div>`;
  return page(
    { title: `${title}${which}`, style: STYLE },
    html`<header><p class="quiet"><a href="../index.html">All photos</a></p><h1>${title}</h1><p class="quiet">${inWords(tiles)}${which}</p></header>${content}`,
  );
}

const dayMarkup = ([day, tiles]: [string, readonly Tile[]]): Markup =>
  html`<section class="day"><h2>${DAYS.format(new Date(`${day}T00:00:00Z`))}</h2><div>${tiles.map(tileMarkup)}</div></section>
`;

function inWords(tiles: readonly Tile[]): string {
  const videos = tiles.filter(({ kind }) => kind === 'video').length;
  return countsInWords(tiles.length - videos, videos);
}

export function indexPage(parts: {
  readonly photos: number;
  readonly videos: number;
  readonly months: readonly PageLink[];
  readonly albums: readonly PageLink[];
  readonly apart: readonly PageLink[];
  readonly notes: readonly string[];
}): string {
  const years = Map.groupBy(parts.months, ({ title }) => title.slice(0, 4));
  return page(
    { title: 'Photos', style: STYLE },
    html`<header><h1>Photos</h1><p class="quiet">${countsInWords(parts.photos, parts.videos)}</p>
${parts.notes.length > 0 && html`<div class="notes">${parts.notes.map((note) => html`<p>${note}</p>`)}</div>`}</header>
${[...years].map(([year, links]) => section(year, links))}
${section('Albums', parts.albums)}${section('Kept apart', parts.apart)}`,
  );
}

const section = (title: string, links: readonly PageLink[]): Markup | undefined =>
  links.length === 0 ? undefined : html`<h2>${title}</h2><div class="cards">${links.map(card)}</div>`;

function card({ title, number, path, photos, videos, cover }: PageLink): Markup {
  const which = number === undefined ? '' : ` (${number})`;
  return html`<a class="card" href="${fileAddress(path)}"><span class="tile">${cover && html`<img loading="lazy" src="${fileAddress(cover)}" alt="">`}</span><b dir="auto">${titleOf(title)}${which}</b><span class="quiet">${countsInWords(photos, videos)}</span></a>
`;
}

function tileMarkup(tile: Tile): Markup {
  const { name, thumbnail, viewPath, state } = tile;
  const isAway = state !== 'in-backup';
  const label = [name, tile.caption, isAway && STATES_IN_WORDS[state]].filter(Boolean).join(' – ');
  const picture =
    thumbnail === undefined
      ? html`<span class="none"><bdi>${name}</bdi></span>`
      : html`<img loading="lazy" src="../${fileAddress(thumbnail)}" alt="${name}">`;
  const marks = [
    tile.isFavorite && '♥',
    tile.isLive && 'Live',
    tile.kind === 'video' && clockTime(tile.durationSeconds),
    state === 'not-downloaded' && 'iCloud',
    state === 'smaller-copy' && 'smaller',
    state === 'not-in-backup' && 'missing',
  ].filter((mark) => typeof mark === 'string');
  const content = html`${picture}${marks.length > 0 && html`<span class="marks">${marks.map((mark) => html`<span>${mark}</span>`)}</span>`}`;
  const look = isAway ? 'tile away' : 'tile';
  return viewPath === undefined
    ? html`<span class="${look}" title="${label}">${content}</span>
`
    : html`<a class="${look}" title="${label}" href="../${fileAddress(viewPath)}">${content}</a>
`;
}

/** "May 2026" of "2026-05"; all others as they are. */
function titleOf(name: string): string {
  return /^\d{4}-\d\d$/.test(name) ? MONTHS.format(new Date(`${name}-01T00:00:00Z`)) : name;
}

/** "1:05" */
function clockTime(seconds: number | undefined): string {
  if (seconds === undefined || !(seconds > 0)) return 'Video';
  const whole = Math.max(1, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
