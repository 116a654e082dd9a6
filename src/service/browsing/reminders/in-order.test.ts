import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reminder } from '../../../content/index.ts';
import { inOrder } from './in-order.ts';

test('what is open comes before what is done, sections after what has none, parts behind what they belong to', () => {
  const shown = inOrder([
    reminder('done', { isCompleted: true }),
    reminder('done part', { parent: 'a', isCompleted: true }),
    reminder('fruit', { section: 'Fruit' }),
    reminder('part', { parent: 'a' }),
    reminder('a'),
    reminder('more fruit', { section: 'Fruit' }),
  ]);
  assert.deepEqual(shown.map(told), ['0 a', '1 part', '1 done part', '0 fruit', '0 more fruit', '0 done']);
});

test('every reminder is there once, whatever they say of each other', () => {
  const chain = Array.from({ length: 5000 }, (_, i) => reminder(`${i}`, { parent: `${i - 1}` }));
  const circle = [reminder('x', { parent: 'y' }), reminder('y', { parent: 'x' }), reminder('z', { parent: 'z' })];
  const all = [...chain, ...circle, reminder('same'), reminder('same')];
  const shown = inOrder(all);
  assert.equal(shown.length, all.length);
  assert.deepEqual(new Set(shown.map((each) => each.reminder)), new Set(all));
  assert.ok(shown.every(({ depth }) => depth <= 8));
});

const told = ({ reminder: { key }, depth }: ReturnType<typeof inOrder>[number]): string => `${depth} ${key}`;

function reminder(key: string, more: Partial<Reminder> = {}): Reminder {
  return {
    key,
    list: undefined,
    section: null,
    parent: null,
    title: key,
    notes: null,
    due: null,
    start: null,
    isAllDay: false,
    timeZone: null,
    isCompleted: false,
    completedAt: null,
    priority: 0,
    isFlagged: false,
    urls: [],
    tags: [],
    attachments: [],
    assignee: null,
    recurrences: [],
    alarms: [],
    createdAt: null,
    modifiedAt: null,
    isDeleted: false,
    ...more,
  };
}
