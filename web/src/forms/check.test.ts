import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf, MailChannel, ServerSettings, SetUp } from '../../../src/contract/index.ts';
import { formWords } from '../words/forms.ts';
import { check } from './check.ts';

const format = formatsOf('en', new Date('2026-11-22T18:30:00Z'), 'Europe/Berlin');

test('says in words what does not fit, by field', () => {
  const { errors } = check(SetUp, { code: 'A', name: ' ', password: 'short' }, formWords.en, format);
  assert.deepEqual(errors, { name: 'Something has to stand here', password: 'At least 10 characters' });
});

test('says it in German, too', () => {
  const { errors } = check(SetUp, { code: 'A', name: 'Anna', password: 'short' }, formWords.de, format);
  assert.deepEqual(errors, { password: 'Mindestens 10 Zeichen' });
});

test('knows numbers, mail addresses and lists', () => {
  assert.deepEqual(check(ServerSettings, { port: 70_000 }, formWords.en, format).errors, {
    port: 'Not more than 65,535',
  });
  assert.deepEqual(check(ServerSettings, { port: Number.NaN }, formWords.en, format).errors, {
    port: 'A whole number',
  });
  const mail = { id: 'mail', kind: 'mail', host: 'mail.example.org', sender: 'nobody', to: [] };
  assert.deepEqual(check(MailChannel, mail, formWords.en, format).errors, {
    sender: 'A mail address, such as anna@example.org',
    to: 'At least one of them',
  });
});

test('hands back what fits, with the values it has by itself', () => {
  const { data } = check(SetUp, { code: 'A', name: ' Anna ', password: 'long enough for this' }, formWords.en, format);
  assert.deepEqual(data, { code: 'A', name: 'Anna', password: 'long enough for this', language: 'en' });
});
