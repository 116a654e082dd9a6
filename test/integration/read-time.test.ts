/** Calendars and reminders come out of backups as the phone had them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  calendarItems,
  openCalendars,
  openReminders,
  remindersItems,
  type CalendarEvent,
} from '../../src/content/index.ts';
import type { Row } from '../../src/database/index.ts';
import { lineOf, linesOf, readICalendar, textOf } from '../../src/export/calendar/icalendar-reader.test-helper.ts';
import type { Component } from '../../src/export/calendar/icalendar.ts';
import { cocoaMs, PhoneBackup } from '../support/phone-backup.ts';

for (const password of [undefined, 'geheim']) {
  describe(`a backup ${password === undefined ? 'without' : 'with'} a password`, () => {
    let phone: PhoneBackup;

    before(async () => {
      phone = await PhoneBackup.make(password);
    });
    after(() => phone[Symbol.asyncDispose]());

    test('holds every event of the calendar', async () => {
      using calendars = await openCalendars(phone.backup);
      assert.ok(calendars !== undefined);
      const rows = phone.rowsOnPhone(/Calendar\.sqlitedb$/, 'SELECT * FROM CalendarItem ORDER BY start_date, ROWID');
      const events = [...calendars.events()];
      assert.equal(events.length, rows.length);
      assert.deepEqual(
        events.map((each) => [each.row, each.title, each.notes, each.url, each.isAllDay, startMs(each)]),
        rows.map((row) => [
          row['ROWID'],
          row['summary'],
          row['description'],
          row['url'] ?? null,
          row['all_day'] === 1,
          startOnPhone(row),
        ]),
      );
      assert.deepEqual(calendars.notAvailable, []);
      assert.deepEqual(
        calendars.calendars.map(({ title, account }) => [title, account?.name, account?.type]),
        [
          ['Privat', 'iCloud', 'caldav'],
          ['Chor & Verein', 'iCloud', 'caldav'],
          ['Geburtstage', 'Birthdays', 'birthdays'],
        ],
      );
      assert.equal(events.filter(({ kind }) => kind === 'birthday').length, 9);
      const keys = [...calendarItems(calendars)].map(({ key }) => key);
      assert.equal(new Set(keys).size, keys.length);
    });

    test('makes iCalendar files of the calendars', async () => {
      const { folder, read } = await phone.takeOut('calendar', 'ics');
      assert.deepEqual(folder.files.map(({ path }) => path).toSorted(), [
        'Chor & Verein.ics',
        'Geburtstage.ics',
        'Privat.ics',
      ]);
      const calendar = readICalendar(await read('Privat.ics'));
      const zones = calendar.components.filter(({ name }) => name === 'VTIMEZONE').map((each) => textOf(each, 'TZID'));
      assert.deepEqual(zones, ['America/New_York', 'Asia/Tokyo', 'Europe/Berlin']);
      const event = (title: string): Component => {
        const found = calendar.components.find((each) => textOf(each, 'SUMMARY') === title);
        assert.ok(found !== undefined, title);
        return found;
      };
      const choir = event('Chorprobe');
      assert.equal(lineOf(choir, 'DTSTART'), 'DTSTART;TZID=Europe/Berlin:20260106T193000');
      assert.equal(lineOf(choir, 'RRULE'), 'RRULE:FREQ=WEEKLY;UNTIL=20261231T183000Z;INTERVAL=2;BYDAY=TU,TH;WKST=MO');
      assert.deepEqual(linesOf(choir, 'EXDATE'), [
        'EXDATE;TZID=Europe/Berlin:20260120T193000',
        'EXDATE;TZID=Europe/Berlin:20260414T193000',
      ]);
      const moved = event('Chorprobe (im Gemeindehaus)');
      assert.equal(lineOf(moved, 'RECURRENCE-ID'), 'RECURRENCE-ID;TZID=Europe/Berlin:20260203T193000');
      assert.equal(textOf(moved, 'UID'), textOf(choir, 'UID'));
      const bins = event('Müll: Papier, Glas; Öl \\ Fett');
      assert.equal(lineOf(bins, 'DTSTART'), 'DTSTART:20260130T070000');
      assert.equal(lineOf(bins, 'RRULE'), 'RRULE:FREQ=MONTHLY;BYDAY=-1FR');
      assert.equal(textOf(bins, 'DESCRIPTION'), 'Erst die blaue Tonne,\ndann die gelbe.\n🚛 kommt früh');
      const flight = event('Flug nach Tōkyō ✈️');
      assert.equal(lineOf(flight, 'DTEND'), 'DTEND;TZID=Asia/Tokyo:20260315T094000');
      assert.equal(lineOf(flight, 'URL'), 'URL;VALUE=URI:https://example.org/buchung?pnr=X1,Y2;Z3');
      const holidays = event('Sommerferien');
      assert.deepEqual(
        [lineOf(holidays, 'DTSTART'), lineOf(holidays, 'DTEND'), lineOf(holidays, 'TRANSP')],
        ['DTSTART;VALUE=DATE:20260730', 'DTEND;VALUE=DATE:20260913', 'TRANSP:TRANSPARENT'],
      );
      assert.equal(lineOf(event('Sonnwende'), 'RRULE'), 'RRULE:FREQ=YEARLY;COUNT=10;BYMONTH=6,12;BYMONTHDAY=21');
      assert.equal(lineOf(event('Ohne Zone'), 'DTSTART'), 'DTSTART:20260505T100000Z');
      const meeting = event('Besprechung');
      assert.deepEqual(linesOf(meeting, 'ATTENDEE'), [
        'ATTENDEE;CN=Jürgen; Weiß, jun.;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:juergen@example.com',
        'ATTENDEE;CN=Zoé;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:zoe@example.net',
        'ATTENDEE;CN=渡邉;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:watanabe@example.jp',
        'ATTENDEE;CN=Raum 1.04;CUTYPE=ROOM;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:raum104@example.com',
      ]);
      assert.equal(lineOf(meeting, 'ORGANIZER'), 'ORGANIZER;CN=Ada "Chefin" Beispiel:mailto:ada@example.org');
      assert.deepEqual(
        meeting.components.map((alarm) => lineOf(alarm, 'TRIGGER')),
        ['TRIGGER:-P1DT30M', 'TRIGGER;VALUE=DATE-TIME:20260507T160000Z'],
      );
      assert.match(
        lineOf(meeting, 'ATTACH') ?? '',
        /^ATTACH;FMTTYPE=application\/pdf;FILENAME=Tagesordnung für Mai.pdf:https/,
      );
      const birthdays = readICalendar(await read('Geburtstage.ics'));
      const leapling = birthdays.components.find((each) => textOf(each, 'SUMMARY') === 'Łucja Brzęczykowska');
      assert.deepEqual(leapling && [lineOf(leapling, 'DTSTART'), lineOf(leapling, 'RRULE')], [
        'DTSTART;VALUE=DATE:19720229',
        'RRULE:FREQ=YEARLY',
      ]);
    });

    test('makes pages and tables of the calendars in which nothing runs', async () => {
      const page = await (await phone.takeOut('calendar', 'html')).read('Calendar.html');
      assert.match(page, /every 2 weeks on Tuesday and Thursday, until 31 December 2026/);
      assert.match(page, /href="Chor%20%26%20Verein\.ics"/);
      assert.doesNotMatch(page, /<script/i);
      const table = await (await phone.takeOut('calendar', 'csv')).read('Calendar.csv');
      assert.match(table, /"'=HYPERLINK\(""https:\/\/evil\.example/);
      const { items, read } = await phone.takeOut('calendar', 'json');
      const events = JSON.parse(await read('Calendar.json')) as { title: string; start: string; end: string }[];
      assert.equal(events.length, items);
      const flight = events.find(({ title }) => title.startsWith('Flug'));
      assert.deepEqual([flight?.start, flight?.end], ['2026-03-14T12:20:00+01:00', '2026-03-15T09:40:00+09:00']);
    });

    test('holds every reminder, with all that belongs to it', async () => {
      using reminders = await openReminders(phone.backup);
      assert.ok(reminders !== undefined);
      const rows = phone.rowsOnPhone(
        /Stores\/Data-(?!local)/,
        'SELECT * FROM ZREMCDREMINDER ORDER BY ZLIST, ZICSDISPLAYORDER, Z_PK',
      );
      const all = [...reminders.reminders()];
      assert.deepEqual(
        all.map((each) => [
          each.title,
          each.notes,
          each.isCompleted,
          each.priority,
          each.isFlagged,
          each.completedAt?.getTime() ?? null,
        ]),
        rows.map((row) => [
          row['ZTITLE'],
          row['ZNOTES'],
          row['ZCOMPLETED'] === 1,
          row['ZPRIORITY'],
          row['ZFLAGGED'] === 1,
          row['ZCOMPLETIONDATE'] === null ? null : cocoaMs(row['ZCOMPLETIONDATE']),
        ]),
      );
      const apples = all.find(({ title }) => title === 'Äpfel, 2 kg; <b>süß</b>');
      assert.deepEqual(
        {
          list: apples?.list?.title,
          color: apples?.list?.color,
          account: apples?.list?.account,
          section: apples?.section,
          tags: apples?.tags,
          urls: apples?.urls,
          assignee: apples?.assignee,
          due: apples?.due,
        },
        {
          list: 'Einkauf 🛒',
          color: '#FF9500',
          account: 'iCloud',
          section: 'Obst & Gemüse',
          tags: ['wochenmarkt'],
          urls: ['https://example.org/markt'],
          assignee: 'Zoé Çaillat',
          due: { kind: 'instant', at: new Date('2026-11-21T08:30:00Z'), timeZone: 'Europe/Berlin' },
        },
      );
      assert.deepEqual(
        all.filter(({ parent }) => parent === apples?.key).map(({ title }) => title),
        ['Korb mitnehmen', 'Pfandflaschen'],
      );
      assert.deepEqual(
        all.filter(({ isDeleted }) => isDeleted).map(({ title }) => title),
        ['Weg damit'],
      );
      assert.equal([...remindersItems(reminders)].length, all.length - 1);
    });

    test('makes tasks and lists of the reminders', async () => {
      const { read } = await phone.takeOut('reminders', 'ics');
      const list = readICalendar(await read('Einkauf 🛒.ics'));
      const [apples, basket, bottles] = list.components.filter(({ name }) => name === 'VTODO');
      assert.ok(apples && basket && bottles);
      assert.deepEqual(
        ['DUE', 'RRULE', 'PRIORITY', 'STATUS', 'CATEGORIES'].map((name) => lineOf(apples, name)),
        [
          'DUE;TZID=Europe/Berlin:20261121T093000',
          'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU',
          'PRIORITY:1',
          'STATUS:NEEDS-ACTION',
          'CATEGORIES:wochenmarkt',
        ],
      );
      const [place, time] = apples.components;
      assert.ok(place && time);
      assert.equal(lineOf(place, 'X-APPLE-PROXIMITY'), 'X-APPLE-PROXIMITY:ARRIVE');
      assert.match(lineOf(place, 'X-APPLE-STRUCTURED-LOCATION') ?? '', /X-TITLE=Wochenmarkt:geo:47\.6629,9\.1747$/);
      assert.equal(lineOf(time, 'TRIGGER'), 'TRIGGER;VALUE=DATE-TIME:20261121T083000Z');
      assert.equal(textOf(basket, 'RELATED-TO'), textOf(apples, 'UID'));
      assert.equal(lineOf(bottles, 'COMPLETED'), 'COMPLETED:20261119T100000Z');
      const page = await (await phone.takeOut('reminders', 'html')).read('Reminders.html');
      assert.match(page, /Äpfel, 2 kg; &lt;b&gt;süß&lt;\/b&gt;/);
      assert.doesNotMatch(page, /Weg damit/);
    });
  });
}

const startMs = ({ start }: CalendarEvent): number | undefined =>
  !start
    ? undefined
    : start.kind === 'instant'
      ? start.at.getTime()
      : Date.parse(start.kind === 'date' ? start.date : `${start.local}Z`);

/** Whole days are told by their day. */
function startOnPhone(row: Row): number {
  const ms = cocoaMs(row['start_date']);
  return row['all_day'] === 1 ? Math.floor(ms / 86_400_000) * 86_400_000 : ms;
}
