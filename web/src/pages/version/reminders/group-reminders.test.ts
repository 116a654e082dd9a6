import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reminder } from '../../../../../src/contract/index.ts';
import { groupReminders } from './group-reminders.ts';

test('what lies within another stands under its heading', () => {
  const reminders = [
    told('a', 0, ''),
    told('b', 0, 'Fruit'),
    told('c', 1, ''),
    told('d', 0, 'Fruit'),
    told('e', 0, ''),
  ];
  const groups = groupReminders(reminders, ({ section = '' }) => section);
  assert.deepEqual(
    groups.map(({ heading, first, items }) => [heading, first, items.map(({ id }) => id).join('')]),
    [
      ['', 0, 'a'],
      ['Fruit', 1, 'bcd'],
      ['', 4, 'e'],
    ],
  );
});

function told(id: string, depth: number, section: string): Reminder {
  return {
    id,
    list: 'l',
    depth,
    section,
    title: id,
    isDone: false,
    links: [],
    tags: [],
    rules: [],
    alarms: [],
    attachments: [],
  };
}
