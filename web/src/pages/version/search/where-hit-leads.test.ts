import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whereHitLeads } from './where-hit-leads.ts';

for (const [kind, id, expected] of [
  ['contacts', 'A/B', { address: '/versions/1/contacts/A%2FB' }],
  ['calendar', 'x&y', { address: '/versions/1/calendar?event=x%26y' }],
  ['messages', 'm', { ask: 'messages' }],
  ['photos', 'p', { ask: 'photos' }],
  ['whatsapp', 'WhatsApp:1', { ask: 'whatsapp' }],
  ['reminders', 'r', { ask: 'reminders' }],
  ['calls', 'c', { address: '/versions/1/calls' }],
  ['apps', 'org.cook', { address: '/versions/1/apps?q=org.cook' }],
  ['wifi', 'Café & Bar', { address: '/versions/1/wifi?q=Caf%C3%A9+%26+Bar' }],
  ['interactions', 'i', undefined],
] as const) {
  test(`something found in ${kind} leads to its place`, () => {
    assert.deepEqual(whereHitLeads('/versions/1', { kind, id }), expected);
  });
}
