import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Contact } from '../../content/index.ts';
import { partsOf, readVcards, unescaped, type ReadProperty } from './vcard-reader.test-helper.ts';
import { vcard } from './vcard.ts';

const HOME = { label: 'Home', isBuiltIn: true };
const ANNA: Contact = {
  row: 1,
  rows: [1],
  preferredImageRow: undefined,
  key: 'C678C313-36EC-470E-A7A4-E0FC83730439',
  kind: 'person',
  name: 'Anna Müller',
  prefix: null,
  first: 'Anna',
  middle: null,
  last: 'Müller',
  suffix: null,
  nickname: null,
  previousLast: undefined,
  firstPhonetic: null,
  middlePhonetic: null,
  lastPhonetic: null,
  organization: null,
  organizationPhonetic: undefined,
  department: null,
  jobTitle: null,
  note: null,
  birthday: null,
  alternateBirthday: undefined,
  displayName: undefined,
  phones: [],
  emails: [],
  addresses: [],
  urls: [],
  related: [],
  dates: [],
  instantMessages: [],
  socialProfiles: [],
  others: [],
  groups: [],
  store: null,
  account: null,
  createdAt: null,
  modifiedAt: new Date('2026-05-01T09:30:00.250Z'),
  link: null,
  isMe: false,
};

describe('a vCard', () => {
  test('of version 4.0 is written as RFC 6350 has it', () => {
    const card = vcard({ ...ANNA, phones: [{ ...HOME, value: '+49 7531 1' }], birthday: { month: 4, day: 1 } }, '4.0');
    assert.equal(
      card,
      [
        'BEGIN:VCARD',
        'VERSION:4.0',
        'PRODID:-//Holdfast//Contacts//EN',
        'FN:Anna Müller',
        'N:Müller;Anna;;;',
        'TEL;TYPE=home:+49 7531 1',
        'BDAY:--0401',
        'UID:urn:uuid:c678c313-36ec-470e-a7a4-e0fc83730439',
        'REV:20260501T093000Z',
        'END:VCARD',
        '',
      ].join('\r\n'),
    );
  });

  test('of version 3.0 is written as RFC 2426 has it, days without a year as Apple does', () => {
    const card = read({ ...ANNA, birthday: { month: 4, day: 1 }, emails: [{ ...HOME, value: 'a@b.c' }] }, '3.0');
    assert.deepEqual(one(card, 'BDAY'), {
      name: 'BDAY',
      group: undefined,
      parameters: [
        ['X-APPLE-OMIT-YEAR', '1604'],
        ['VALUE', 'date'],
      ],
      value: '1604-04-01',
    });
    assert.deepEqual(one(card, 'EMAIL').parameters, [
      ['TYPE', 'INTERNET'],
      ['TYPE', 'HOME'],
    ]);
    assert.equal(one(card, 'REV').value, '2026-05-01T09:30:00Z');
    assert.equal(one(read({ ...ANNA, birthday: { year: 1990, month: 4, day: 1 } }, '4.0'), 'BDAY').value, '19900401');
  });

  test('escapes what has a meaning, and folds long lines between characters', () => {
    const note = `a;b,c\\d\r\ne\nf ${'🥨ü'.repeat(60)}`;
    const card = read({ ...ANNA, note, last: 'O;Neil, \\', organization: 'A;B', department: 'C,D' }, '4.0');
    assert.equal(unescaped(one(card, 'NOTE').value), note.replace('\r\n', '\n'));
    assert.deepEqual(partsOf(one(card, 'N').value), ['O;Neil, \\', 'Anna', '', '', '']);
    assert.deepEqual(partsOf(one(card, 'ORG').value), ['A;B', 'C,D']);
  });

  test('puts labels of the owner’s own beside their values, and those of countries beside addresses', () => {
    const address = {
      label: 'Hütte',
      isBuiltIn: false,
      street: 'Weg 1\n2. Stock',
      city: 'Konstanz',
      countryCode: 'de',
    };
    const card = read(
      { ...ANNA, addresses: [address], phones: [{ label: 'Main', isBuiltIn: true, value: '1' }] },
      '3.0',
    );
    assert.deepEqual(partsOf(one(card, 'ADR').value), ['', '', 'Weg 1\n2. Stock', 'Konstanz', '', '', '']);
    const beside = card.filter(({ group }) => group === one(card, 'ADR').group).map(({ name, value }) => [name, value]);
    assert.deepEqual(beside.slice(1), [
      ['X-ABADR', 'de'],
      ['X-ABLabel', 'Hütte'],
    ]);
    const phone = card.filter(({ group }) => group === one(card, 'TEL').group).map(({ value }) => value);
    assert.deepEqual(phone, ['1', '_$!<Main>!$_']);
  });

  test('holds pictures, relations, messengers and profiles in the way of its version', () => {
    const photo = { bytes: Buffer.alloc(200, 7), mediaType: 'image/jpeg', extension: 'jpg' };
    const contact: Contact = {
      ...ANNA,
      related: [{ label: 'Mother', isBuiltIn: true, value: 'Eva' }],
      instantMessages: [{ ...HOME, service: 'Skype', username: 'anna m' }],
      socialProfiles: [{ ...HOME, service: 'mastodon', username: 'anna', url: 'https://social.example/@anna' }],
      dates: [{ label: 'Anniversary', isBuiltIn: true, date: { year: 2011, month: 5, day: 7 } }],
    };
    const four = readVcards(vcard(contact, '4.0', photo))[0] ?? [];
    assert.equal(one(four, 'PHOTO').value, `data:image/jpeg;base64,${photo.bytes.toString('base64')}`);
    assert.deepEqual(one(four, 'RELATED').parameters, [
      ['VALUE', 'text'],
      ['TYPE', 'parent'],
    ]);
    assert.equal(one(four, 'ANNIVERSARY').value, '20110507');
    const three = readVcards(vcard(contact, '3.0', photo))[0] ?? [];
    assert.deepEqual(Buffer.from(one(three, 'PHOTO').value, 'base64'), photo.bytes);
    assert.equal(one(three, 'X-ABRELATEDNAMES').value, 'Eva');
    assert.equal(one(three, 'IMPP').value, 'skype:anna%20m');
    assert.equal(one(three, 'X-SOCIALPROFILE').value, 'https://social.example/@anna');
  });

  test('says of a company that it is one', () => {
    const company = {
      ...ANNA,
      kind: 'organisation',
      name: 'Bäcker',
      organization: 'Bäcker',
      first: null,
      last: null,
    } as const;
    assert.equal(one(read(company, '4.0'), 'KIND').value, 'org');
    assert.equal(one(read(company, '3.0'), 'X-ABShowAs').value, 'COMPANY');
  });

  for (const version of ['3.0', '4.0'] as const) {
    test(`of version ${version} gives back any text there is, in lines of 75 bytes`, () => {
      const text = fc.string({
        unit: fc.oneof(
          fc.constantFrom('\\', ';', ',', ':', '"', '^', '\n', '\r', '\t', ' ', '=', "'", '🥨', 'ü', 'e\u0301'),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        ),
      });
      fc.assert(
        fc.property(text, text, text, text, (name, value, label, service) => {
          const labelled = { label, isBuiltIn: false };
          const contact: Contact = {
            ...ANNA,
            name: `x${name}`,
            last: name,
            note: `x${value}`,
            phones: [{ ...labelled, value }],
            urls: [{ ...labelled, value }],
            related: [{ ...labelled, value }],
            socialProfiles: [{ ...labelled, service, username: name, url: `https://x/${value}` }],
            instantMessages: [{ ...labelled, service, username: `u${name}` }],
            addresses: [{ ...labelled, street: value, city: name }],
            groups: [`g${name}`, `h${value}`],
          };
          const card = read(contact, version);
          assert.equal(unescaped(one(card, 'NOTE').value), `x${cleaned(value)}`);
          assert.equal(partsOf(one(card, 'N').value)[0], cleaned(name));
          assert.equal(unescaped(one(card, 'TEL').value), cleaned(value));
          assert.deepEqual(partsOf(one(card, 'ADR').value).slice(2, 4), [cleaned(value), cleaned(name)]);
        }),
        { numRuns: 150 },
      );
    });
  }
});

/** What becomes of text that no card can hold. */
function cleaned(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const kept = text.toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '');
  return kept.replace(/\r\n?/g, '\n');
}

function read(contact: Contact, version: '3.0' | '4.0'): ReadProperty[] {
  const [card, another] = readVcards(vcard(contact, version));
  assert.equal(another, undefined);
  return card ?? assert.fail('no card');
}

function one(card: readonly ReadProperty[], name: string): ReadProperty {
  const [property, another] = card.filter((each) => each.name === name);
  assert.equal(another, undefined, `${name} twice`);
  return property ?? assert.fail(`no ${name}`);
}
