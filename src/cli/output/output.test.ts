import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { createOutput, type TextSink } from './output.ts';

/** What a phone could call itself to take over a terminal, or to add a line to a log. */
const HOSTILE = 'An\u001b[31mna\nroot\u202e\u009b2J';

class Sink implements TextSink {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor({ isTTY = false, columns = 80 } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

test('no control character of a name gets through, whichever way it is printed', () => {
  const [out, err] = [new Sink(), new Sink()];
  const output = createOutput(out, err, { json: false });
  output.line(`Backing up ${HOSTILE}.`);
  output.table(['NAME'], [[HOSTILE]]);
  output.progress().show({ phase: HOSTILE, fraction: 0.5, facts: [HOSTILE] });
  output.note(HOSTILE);
  output.error(new AppError('DEVICE_NOT_FOUND', HOSTILE, { hint: HOSTILE, details: { name: HOSTILE } }));
  assert.doesNotMatch(out.text + err.text, /[^\P{Cc}\n]|[\u202a-\u202e]/u);
  assert.equal(out.text.split('\n').length, 1 + 2 + 1 + 1);
  assert.equal(err.text.split('\n').length, 1 + 3 + 1);
});

test('under --json, records and errors are one line each and hold the name as it is', () => {
  const [out, err] = [new Sink(), new Sink()];
  const output = createOutput(out, err, { json: true });
  output.record({ name: HOSTILE });
  output.error(new AppError('VAULT_BUSY', `busy with ${HOSTILE}`, { hint: 'Wait.', details: { name: HOSTILE } }));
  assert.doesNotMatch(out.text + err.text, /[^\P{Cc}\n]|[\u202a-\u202e]/u);
  assert.deepEqual(JSON.parse(out.text), { name: HOSTILE });
  assert.deepEqual(JSON.parse(err.text), {
    event: 'error',
    code: 'VAULT_BUSY',
    message: `busy with ${HOSTILE}`,
    hint: 'Wait.',
    details: { name: HOSTILE },
    exitCode: 22,
  });
});

test('under --json nothing else is printed', () => {
  const out = new Sink({ isTTY: true });
  const output = createOutput(out, new Sink(), { json: true });
  output.line('words');
  output.table(['A'], [['b']]);
  output.progress().show({ phase: 'Receiving' });
  assert.equal(out.text, '');
});

test('an error says what happened, what to do, and its details in brackets', () => {
  const err = new Sink();
  const error = new AppError('VAULT_NOT_FOUND', 'no vault', { hint: 'Mount its disk.', details: { dir: '/v' } });
  createOutput(new Sink(), err, { json: false }).error(error);
  assert.equal(err.text, 'Error: no vault\n  Mount its disk.\n  (VAULT_NOT_FOUND, dir=/v)\n');
});

test('a line, a note or an error never lands behind a moving line', () => {
  for (const print of ['line', 'note', 'error'] as const) {
    const screen = new Sink({ isTTY: true });
    const output = createOutput(screen, screen, { json: false });
    output.progress().show({ phase: 'Connecting' });
    if (print === 'error') output.error(new AppError('CANCELLED', 'stopped'));
    else output[print]('Backing up.');
    const said = print === 'error' ? 'Error: stopped' : 'Backing up.';
    assert.ok(screen.text.endsWith(`Connecting\r\u001b[2K${said}\n`));
  }
});

test('a table too wide for the terminal puts one value on a line', () => {
  const out = new Sink({ isTTY: true, columns: 20 });
  createOutput(out, out, { json: false }).table(['NAME', 'UDID'], [['Ada’s iPhone', '00008110-00009FD7']]);
  assert.equal(out.text, 'NAME  Ada’s iPhone\nUDID  00008110-00009FD7\n');
});
