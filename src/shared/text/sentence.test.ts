import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from './sentence.ts';

test('a message becomes a sentence', () => {
  assert.equal(sentence('no device is connected'), 'No device is connected.');
  assert.equal(sentence('“Ada’s iPhone” is locked'), '“Ada’s iPhone” is locked.');
});

test('the name of a program stays as it is written', () => {
  assert.equal(sentence('usbmuxd closed the connection'), 'usbmuxd closed the connection.');
});
