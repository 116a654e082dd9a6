import type { Contact } from '../../content/index.ts';
import { dayInWords } from './day.ts';
import { fileAddress, html, pageEnd, pageStart, safeLink, type Markup } from '../text/html.ts';
import { labelText } from './labels.ts';

/** Where the pictures of somebody were written, relative to the page. */
export interface WrittenPhoto {
  readonly fullPath: string;
  /** Undefined when it is of a kind that browsers do not show. */
  readonly smallPath: string | undefined;
}

const STYLE = `
main { max-width: 60rem; }
nav { margin: 1rem 0 2rem; display: flex; flex-wrap: wrap; gap: .25rem .75rem; } nav a { text-decoration: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .75rem; }
.card { background: var(--soft); border-radius: .9rem; padding: 1rem; display: grid; grid-template-columns: 3.5rem 1fr; gap: 0 .9rem; align-content: start; break-inside: avoid; }
.face { width: 3.5rem; height: 3.5rem; border-radius: 50%; object-fit: cover; display: grid; place-items: center; background: var(--line); color: var(--quiet); font-weight: 600; }
.card h3 { margin: 0; font-size: 1.05rem; line-height: 1.3; } .card p { margin: 0; }
.card dl { grid-column: 1 / -1; margin: .75rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; font-size: .9rem; }
dt { color: var(--quiet); } dd { margin: 0; white-space: pre-line; }
@media print { .cards { grid-template-columns: 1fr 1fr; } .card { border: 1px solid var(--line); background: none; } nav { display: none; } }
`;

/** The people of an address book as cards on one page, by the alphabet. */
export function* contactsPage(
  people: readonly Contact[],
  photoOf: (contact: Contact) => WrittenPhoto | undefined,
): Generator<string, undefined> {
  const sorted = byAlphabet(people);
  const letters = [...new Set(sorted.map(({ letter }) => letter))];
  yield pageStart({ title: 'Contacts', style: STYLE });
  yield html`<h1>Contacts</h1><p class="quiet">${people.length === 1 ? '1 person' : `${people.length} people`}</p>`
    .text;
  if (letters.length > 4) {
    yield html`<nav>${letters.map((letter, i) => html`<a href="#letter-${i}">${letter}</a>`)}</nav>`.text;
  }
  yield '<div class="cards">\n';
  let last: string | undefined;
  for (const { contact, letter } of sorted) {
    const anchor = letter === last ? undefined : `letter-${letters.indexOf(letter)}`;
    last = letter;
    yield card(contact, photoOf(contact), anchor).text;
  }
  yield '</div>\n';
  yield pageEnd;
}

function card(contact: Contact, photo: WrittenPhoto | undefined, anchor: string | undefined): Markup {
  const { name, organization, jobTitle, department, nickname } = contact;
  const about = [jobTitle, department, organization === name ? '' : organization].filter((each) => each).join(' · ');
  const spoken = [contact.firstPhonetic, contact.lastPhonetic].filter((each) => each).join(' ');
  return html`<article class="card"${anchor !== undefined && html` id="${anchor}"`}>
${face(contact, photo)}<div><h3 dir="auto">${name}</h3>
${spoken && html`<p class="quiet">${spoken}</p>`}${nickname && html`<p class="quiet">“${nickname}”</p>`}${about && html`<p class="quiet">${about}</p>`}</div>
<dl>${details(contact)}</dl>
</article>
`;
}

function face({ name }: Contact, photo: WrittenPhoto | undefined): Markup {
  if (photo?.smallPath !== undefined) {
    const [full, small] = [fileAddress(photo.fullPath), fileAddress(photo.smallPath)];
    return html`<a href="${full}"><img class="face" src="${small}" alt="" loading="lazy" width="56" height="56"></a>`;
  }
  const initials = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [initials[0], initials.length > 1 ? initials.at(-1) : undefined].map((word) =>
    firstLetter(word ?? ''),
  );
  const content =
    photo === undefined ? html`${letters.join('')}` : html`<a href="${fileAddress(photo.fullPath)}">photo</a>`;
  return html`<span class="face" aria-hidden="true">${content}</span>`;
}

function details(contact: Contact): Markup[] {
  const rows: [label: string, value: Markup | string][] = [];
  for (const phone of contact.phones) {
    rows.push([labelText(phone) || 'phone', link(`tel:${phone.value.replaceAll(/\s/g, '')}`, phone.value)]);
  }
  for (const mail of contact.emails) rows.push([labelText(mail) || 'mail', link(`mailto:${mail.value}`, mail.value)]);
  for (const address of contact.addresses) {
    const { street, zip, city, subLocality, state, country, countryCode } = address;
    const place = [zip, city].filter((each) => each).join(' ');
    const lines = [street, subLocality, place, state, country ?? countryCode?.toUpperCase()];
    rows.push([labelText(address) || 'address', lines.filter((each) => each).join('\n')]);
  }
  for (const url of contact.urls) rows.push([labelText(url) || 'page', link(url.value, url.value)]);
  for (const account of [...contact.instantMessages, ...contact.socialProfiles]) {
    rows.push([account.service ?? (labelText(account) || 'account'), account.username ?? account.url ?? '']);
  }
  for (const person of contact.related) rows.push([labelText(person) || 'related', person.value]);
  if (contact.birthday) rows.push(['birthday', dayInWords(contact.birthday)]);
  for (const entry of contact.dates) rows.push([labelText(entry) || 'date', dayInWords(entry.date)]);
  if (contact.groups.length > 0) rows.push(['groups', contact.groups.join(', ')]);
  if (contact.note) rows.push(['note', contact.note]);
  return rows.map(([label, value]) => html`<dt>${label}</dt><dd dir="auto">${value}</dd>`);
}

function link(address: string, text: string): Markup | string {
  const safe = safeLink(address);
  return safe === undefined ? text : html`<a href="${safe}">${text}</a>`;
}

interface Sorted {
  readonly contact: Contact;
  readonly letter: string;
}

/** By family names, as address books sort; what begins with no letter, at the end. */
function byAlphabet(people: readonly Contact[]): Sorted[] {
  const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return people
    .map((contact) => {
      const by = sortName(contact);
      return { contact, by, letter: letterOf(by) };
    })
    .toSorted((a, b) => isOther(a.letter) - isOther(b.letter) || collator.compare(a.by, b.by));
}

const isOther = (letter: string): number => Number(letter === '#');

function sortName({ kind, name, first, last, lastPhonetic }: Contact): string {
  if (kind === 'organisation') return name;
  return [lastPhonetic ?? last, first].filter((part) => part).join(' ') || name;
}

const firstLetter = (text: string): string => /^./su.exec(text)?.[0].toUpperCase() ?? '';

/** Letters with marks stand among those without. */
function letterOf(text: string): string {
  const marked = firstLetter(text.trim().normalize('NFC'));
  const letter = marked.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
  return /^\p{L}$/u.test(letter) ? letter : '#';
}
