import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NoteBlock } from '../../../../../src/contract/index.ts';
import { groupBlocks, type BlockGroup } from './group-blocks.ts';

const line = (style: NoteBlock['style'], text: string, more: Partial<NoteBlock> = {}): NoteBlock => ({
  style,
  indent: 0,
  spans: [{ text }],
  ...more,
});

/** "list bulleted [a, [list …], b]" */
function told(groups: readonly BlockGroup[]): unknown[] {
  return groups.map((group) => {
    if (group.kind === 'paragraph') return textOf(group.block);
    if (group.kind === 'code') return group.blocks.map(textOf).join('|');
    return [group.style, group.start, ...group.items.flatMap(({ block, below }) => [textOf(block), ...told(below)])];
  });
}

function textOf({ spans }: NoteBlock): string {
  return spans.map((span) => ('text' in span ? span.text : '')).join('');
}

test('lines of a list stand together, and what is indented stands below', () => {
  const groups = groupBlocks([
    line('title', 'Kuchen'),
    line('bulleted', 'a'),
    line('bulleted', 'b', { indent: 1 }),
    line('checklist', 'c', { indent: 2 }),
    line('bulleted', 'd'),
    line('body', 'Ende'),
  ]);
  assert.deepEqual(told(groups), [
    'Kuchen',
    ['bulleted', 1, 'a', ['bulleted', 1, 'b', ['checklist', 1, 'c']], 'd'],
    'Ende',
  ]);
});

test('a number that is set anew begins another list', () => {
  const groups = groupBlocks([
    line('numbered', 'drittens', { startsAt: 3 }),
    line('numbered', 'viertens'),
    line('numbered', 'erstens', { startsAt: 1 }),
  ]);
  assert.deepEqual(told(groups), [
    ['numbered', 3, 'drittens', 'viertens'],
    ['numbered', 1, 'erstens'],
  ]);
});

test('lines of code stand together', () => {
  assert.deepEqual(told(groupBlocks([line('monospaced', 'x'), line('monospaced', 'y'), line('body', 'z')])), [
    'x|y',
    'z',
  ]);
});

test('a list that begins indented is one list', () => {
  const groups = groupBlocks([line('dashed', 'a', { indent: 2 }), line('dashed', 'b', { indent: 2 })]);
  assert.deepEqual(told(groups), [['dashed', 1, 'a', 'b']]);
});
