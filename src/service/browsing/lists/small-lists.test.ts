import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../content/index.ts';
import { peoplesAccounts } from './small-lists.ts';

test('parts of an account are told with it; what the system keeps for itself is not told', () => {
  const told = peoplesAccounts([
    account('work', { description: 'Work', type: 'Gmail', enabledFor: ['com.apple.Dataclass.Mail'] }),
    account('cloud', { type: 'iCloud', username: 'ada@example.org', enabledFor: ['com.apple.Dataclass.Notes'] }),
    account('cloud mail', { parent: 'cloud', type: 'IMAP', enabledFor: ['com.apple.Dataclass.Mail'] }),
    account('hidden', { isVisible: false }),
    account('off', { isActive: false }),
    account('own parent', { parent: 'own parent', type: 'Odd' }),
    account('orphan', { parent: 'gone', type: 'Left over' }),
  ]);
  assert.deepEqual(
    told.map(({ title, uses }) => [title, uses]),
    [
      ['iCloud', ['Mail', 'Notes']],
      ['Left over', []],
      ['Odd', []],
      ['Work', ['Mail']],
    ],
  );
  assert.deepEqual([told[0]?.user, told[3]?.kind], ['ada@example.org', 'Gmail']);
});

function account(key: string, more: Partial<Account>): Account {
  return {
    key,
    type: null,
    typeIdentifier: null,
    username: null,
    description: null,
    addedAt: null,
    isActive: true,
    isAuthenticated: true,
    isVisible: true,
    owningBundle: null,
    authenticationType: null,
    parent: null,
    enabledFor: [],
    properties: {},
    ...more,
  };
}
