import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlarmKind, Settings, WebhookBody } from '../contract/index.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'alarms.md'), 'utf8');
const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']): unknown => JSON.parse(text));

test('the settings that docs/alarms.md shows are settings, and the message is a message', () => {
  const [settings, message] = examples;
  assert.deepEqual(
    Settings.parse(settings).notify.channels.map(({ kind }) => kind),
    ['mail', 'ntfy', 'gotify', 'webhook'],
  );
  assert.deepEqual(WebhookBody.parse(message), message);
  assert.equal(examples.length, 2);
});

test('docs/alarms.md says of every kind of alarm when it is raised', () => {
  const rows = [...page.matchAll(/^\| ([a-z ]+) \|/gm)].map(([, name = '']) => name.replaceAll(' ', '-'));
  for (const kind of AlarmKind.options) assert.ok(rows.includes(kind), kind);
});
