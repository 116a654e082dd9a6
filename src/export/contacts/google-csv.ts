import { formatPartialDate, type Contact, type ContactCard } from '../../content/index.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { labelText } from './labels.ts';

/** The columns by which Google Contacts (and whatever imports its tables, Outlook among them) knows the fields. */
const FIXED: readonly (readonly [header: string, value: (contact: Contact) => CsvValue])[] = [
  ['First Name', ({ first }) => first],
  ['Middle Name', ({ middle }) => middle],
  ['Last Name', ({ last }) => last],
  ['Phonetic First Name', ({ firstPhonetic }) => firstPhonetic],
  ['Phonetic Middle Name', ({ middlePhonetic }) => middlePhonetic],
  ['Phonetic Last Name', ({ lastPhonetic }) => lastPhonetic],
  ['Name Prefix', ({ prefix }) => prefix],
  ['Name Suffix', ({ suffix }) => suffix],
  ['Nickname', ({ nickname }) => nickname],
  ['File As', ({ name }) => name],
  ['Organization Name', ({ organization }) => organization],
  ['Organization Title', ({ jobTitle }) => jobTitle],
  ['Organization Department', ({ department }) => department],
  ['Birthday', ({ birthday }) => birthday && formatPartialDate(birthday)],
  ['Notes', ({ note }) => note],
  ['Labels', ({ groups }) => groups.join(' ::: ')],
];

/** Fields of which a person may have several: a set of columns for each, as many as anybody has. */
interface Repeated {
  readonly columns: readonly string[];
  readonly values: (contact: ContactCard) => readonly (readonly CsvValue[])[];
}

const REPEATED: Readonly<Record<string, Repeated>> = {
  'E-mail': {
    columns: ['Label', 'Value'],
    values: ({ emails }) => emails.map((each) => [labelText(each), each.value]),
  },
  Phone: { columns: ['Label', 'Value'], values: ({ phones }) => phones.map((each) => [labelText(each), each.value]) },
  Address: {
    columns: ['Label', 'Street', 'City', 'Region', 'Postal Code', 'Country', 'Extended Address'],
    values: ({ addresses }) =>
      addresses.map((each) => {
        const { street, city, state, zip, country, countryCode, subLocality } = each;
        return [labelText(each), street, city, state, zip, country ?? countryCode?.toUpperCase(), subLocality];
      }),
  },
  Relation: {
    columns: ['Label', 'Value'],
    values: ({ related }) => related.map((each) => [labelText(each), each.value]),
  },
  Website: { columns: ['Label', 'Value'], values: ({ urls }) => urls.map((each) => [labelText(each), each.value]) },
  Event: {
    columns: ['Label', 'Value'],
    values: ({ dates }) => dates.map((each) => [labelText(each), formatPartialDate(each.date)]),
  },
  'Custom Field': {
    columns: ['Label', 'Value'],
    values: ({ instantMessages, socialProfiles }) =>
      [...instantMessages, ...socialProfiles].map((each) => [
        each.service ?? labelText(each),
        each.username ?? each.url ?? '',
      ]),
  },
};

/** People as a table that Google Contacts imports. */
export function googleCsv(people: readonly Contact[]): Generator<string, undefined> {
  const repeated = Object.entries(REPEATED).flatMap(([name, field]) => {
    const most = people.reduce((count, person) => Math.max(count, field.values(person).length), 0);
    return Array.from({ length: most }, (_, index) => ({ name: `${name} ${index + 1}`, field, index }));
  });
  const header = [
    ...FIXED.map(([name]) => name),
    ...repeated.flatMap(({ name, field }) => field.columns.map((column) => `${name} - ${column}`)),
  ];
  return csv(header, rowsOf(people, repeated));
}

function* rowsOf(
  people: readonly Contact[],
  repeated: readonly { readonly field: Repeated; readonly index: number }[],
): Generator<CsvValue[], undefined> {
  for (const person of people) {
    const several = repeated.flatMap(({ field, index }) => field.values(person)[index] ?? field.columns.map(() => ''));
    yield [...FIXED.map(([, value]) => value(person)), ...several];
  }
}
