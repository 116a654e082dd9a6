import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tellProblem } from './problems.ts';

/** Only ever said where the service is started. */
const NEVER_IN_A_BROWSER = new Set(['LISTENING_REFUSED', 'SERVICE_RUNNING']);

const table = readFileSync(join(import.meta.dirname, '../../../docs/exit-codes.md'), 'utf8');
const codes = [...table.matchAll(/^\| \d+ \| `([A-Z_]+)` \|/gm)].map(([, code]) => code ?? '');

test('has German words for whatever the service may say', () => {
  assert.ok(codes.length > 30);
  const missing = codes.filter(
    (code) => !NEVER_IN_A_BROWSER.has(code) && tellProblem({ code, message: 'English' }, 'de').message === 'English',
  );
  assert.deepEqual(missing, []);
});

test('leaves in English what the service says in English, which knows more', () => {
  const problem = { code: 'DEVICE_BUSY', message: 'Anna’s iPhone is being backed up', hint: 'Wait.' };
  assert.deepEqual(tellProblem(problem, 'en'), { message: problem.message, hint: problem.hint });
});
