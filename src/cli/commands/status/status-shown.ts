import { formatsOf, type DeviceStatus, type KeptPlace, type Language } from '../../../contract/index.ts';
import { displayWidth } from '../../output/table.ts';

export interface TableStyle {
  readonly language: Language;
  readonly columns: number;
  readonly now: Date;
  readonly timeZone: string;
}

const GAP = '  ';
const INDENT = '  ';
/** Narrower, what something lies on says nothing any more. */
const MIN_MEDIUM = 8;
const MAX_NAME = 16;

const WORDS = {
  en: {
    header: ['WHERE', 'AS OF', 'ON', 'SITE', 'PROVEN'],
    phone: 'phone',
    vault: 'vault',
    icloud: 'iCloud',
    here: 'here',
    elsewhere: 'elsewhere',
    never: 'never',
    nothing: 'nothing',
    uncounted: 'not counted',
    cloud: { 'cloud-off': 'turned off', 'cloud-never': 'never', 'cloud-not-told': 'not told' },
    media: { device: '', disk: 'disk', removable: 'USB', network: 'network', cloud: 'cloud', unknown: '' },
  },
  de: {
    header: ['WO', 'STAND', 'AUF', 'ORT', 'NACHGEWIESEN'],
    phone: 'Gerät',
    vault: 'Tresor',
    icloud: 'iCloud',
    here: 'hier',
    elsewhere: 'außer Haus',
    never: 'nie',
    nothing: 'nichts',
    uncounted: 'zählt nicht',
    cloud: { 'cloud-off': 'ausgeschaltet', 'cloud-never': 'nie', 'cloud-not-told': 'unbekannt' },
    media: { device: '', disk: 'Festplatte', removable: 'USB', network: 'Netzwerk', cloud: 'Cloud', unknown: '' },
  },
} as const;

/** One line for each place that a device's data is in, as wide as the terminal at most. */
export function placeTable({ places }: DeviceStatus, style: TableStyle): string[] {
  const words = WORDS[style.language];
  const rows = [['', ...words.header], ...places.map((place) => rowOf(place, style))].map(([mark = '', ...cells]) => [
    mark,
    ...cells,
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  const others = widths.reduce((sum, width, column) => sum + (column === 3 ? 0 : width + GAP.length), INDENT.length);
  widths[3] = Math.min(widths[3] ?? 0, Math.max(MIN_MEDIUM, style.columns - others));
  return rows.map((row) =>
    `${INDENT}${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(GAP)}`.trimEnd(),
  );
}

function rowOf(place: KeptPlace, { language, now, timeZone }: TableStyle): string[] {
  const words = WORDS[language];
  const formats = formatsOf(language, now, timeZone);
  const { kind, name, at, offSite, provenAt } = place;
  const since = at === undefined ? undefined : formats.ago(at);
  if (kind === 'phone') return [markOf(place), words.phone, since ?? words.never, '', '', ''];
  if (kind === 'icloud')
    return ['–', words.icloud, since ?? cloudWords(place, language), '', words.elsewhere, words.uncounted];
  return [
    markOf(place),
    cut(kind === 'vault' ? words.vault : (name ?? ''), MAX_NAME),
    since ?? words.nothing,
    mediumWords(place, language),
    offSite ? words.elsewhere : words.here,
    provenAt === undefined ? words.never : formats.ago(provenAt),
  ];
}

function cloudWords({ reasons }: KeptPlace, language: Language): string {
  const words: Readonly<Record<string, string>> = WORDS[language].cloud;
  return words[reasons[0]?.code ?? ''] ?? '';
}

/** That it can be taken away is worth more than half a name. */
function mediumWords({ medium: { kind, name } }: KeptPlace, language: Language): string {
  const word = WORDS[language].media[kind];
  if (name === undefined) return word;
  return kind === 'removable' ? `${word}: ${name}` : name;
}

/** Counted and well; with something to be said of it; not counted. */
function markOf({ counts, verdict }: KeptPlace): string {
  if (verdict === 'at-risk') return '✗';
  if (verdict === 'attention') return '!';
  return counts ? '✓' : '–';
}

function padded(text: string, width: number): string {
  const shown = cut(text, width);
  return shown + ' '.repeat(Math.max(0, width - displayWidth(shown)));
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let shown = '';
  for (const letter of text) {
    if (displayWidth(shown + letter) >= width) break;
    shown += letter;
  }
  return `${shown}…`;
}

/** A text on lines of at most so many columns, the first behind `lead`, the others below it. */
export function wrapped(text: string, columns: number, lead: string): string[] {
  const lines: string[] = [];
  const indent = ' '.repeat(lead.length);
  let line = lead;
  for (const word of text.split(' ')) {
    const isFirst = line === lead || line === indent;
    if (!isFirst && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = indent;
    }
    line += line === lead || line === indent ? word : ` ${word}`;
  }
  return text === '' ? [] : [...lines, line];
}
