import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { openSecretStore } from '../service/index.ts';
import { placesFor } from '../shared/files/places.ts';
import type { CliContext } from './context.ts';
import { newPasswordFrom, passwordFrom, readSecretFile } from './password.ts';

const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
after(() => rmSync(dir, { recursive: true }));

describe('the backup password', () => {
  for (const { what, content, password } of [
    { what: 'the first line of a file', content: 'pass word\nsecond\n', password: 'pass word' },
    { what: 'a file without an end of line', content: 'ümlaut 🔑', password: 'ümlaut 🔑' },
    { what: 'a file made on Windows', content: 'secret\r\n', password: 'secret' },
    { what: 'a line with spaces around it, which belong to it', content: ' secret \n', password: ' secret ' },
  ]) {
    test(`is ${what}`, async () => {
      const ask = passwordFrom(contextWith({}), { passwordFile: fileWith(content) });
      assert.equal(await ask(false, {}), password);
      assert.equal(await ask(true, {}), undefined);
    });
  }

  test('does not begin with the mark that editors of Windows put first, unless it was set with that', async () => {
    const ask = passwordFrom(contextWith({}), { passwordFile: fileWith('\uFEFFsecret\r\n') });
    assert.deepEqual(
      [await ask(false, {}), await ask(true, {}), await ask(true, {})],
      ['secret', '\uFEFFsecret', undefined],
    );
    const utf16 = Buffer.from('\uFEFFgrün\r\nsecond', 'utf16le');
    for (const bytes of [utf16, Buffer.from(utf16).swap16()]) {
      assert.equal(await passwordFrom(contextWith({}), { passwordFile: fileWith(bytes) })(false, {}), 'grün');
      assert.equal(await readSecretFile(fileWith(bytes)), 'grün');
    }
  });

  test('that is new is not made of letters nobody can read; one that was opens still', async () => {
    const latin1 = fileWith(Buffer.from('grün', 'latin1'));
    await assert.rejects(newPasswordFrom(contextWith({}), { newPasswordFile: latin1 }), {
      code: 'USAGE',
      message: /UTF-8/,
    });
    assert.equal(await passwordFrom(contextWith({}), { passwordFile: latin1 })(false, {}), 'gr\uFFFDn');
  });

  test('comes from the file before the environment, and from there before the terminal', async () => {
    const terminal = new FakeTerminal();
    const context = contextWith({ env: { HOLDFAST_PASSWORD: 'environment' }, terminal });
    assert.equal(await passwordFrom(context, { passwordFile: fileWith('file') })(false, {}), 'file');
    assert.equal(await passwordFrom(context, {})(false, {}), 'environment');
    assert.equal(await passwordFrom(context, {})(true, {}), undefined);
    assert.equal(terminal.written, '');
  });

  test('comes from what is kept sealed before the terminal, which is asked when that is wrong', async () => {
    const terminal = new FakeTerminal();
    const context = contextWith({ env: { HOLDFAST_HOME: dir }, terminal });
    const store = openSecretStore(context.places, context.env);
    store.set('backup-password/A/bag', 'kept');
    const ask = passwordFrom(context, {});
    assert.equal(await ask(false, { udid: 'A', keybag: 'bag' }), 'kept');
    const asking = ask(true, { udid: 'A', keybag: 'bag' });
    terminal.type('typed\r');
    assert.equal(await asking, 'typed');
    assert.equal(terminal.written, 'Backup password: \n');
    assert.equal(await passwordFrom(context, {}, { mayAsk: false })(false, { udid: 'B', keybag: 'bag' }), undefined);
    assert.equal(await passwordFrom(context, { passwordFile: fileWith('file') })(false, { udid: 'A' }), 'file');
  });

  test('is asked for when what is kept cannot be opened, and why is told', async () => {
    const terminal = new FakeTerminal();
    const context = contextWith({ env: { HOLDFAST_HOME: join(dir, 'other') }, terminal });
    openSecretStore(context.places, context.env).set('backup-password/A/bag', 'kept');
    rmSync(join(context.places.stateDir, 'secrets.key'));
    const asking = passwordFrom(context, {})(false, { udid: 'A', keybag: 'bag' });
    terminal.type('typed\r');
    assert.equal(await asking, 'typed');
    assert.match(terminal.written, /^Kept passwords cannot be used: .* is lost/);
  });

  test('is missing where nobody can be asked', async () => {
    assert.equal(await passwordFrom(contextWith({}), {})(false, {}), undefined);
  });

  test('cannot come from a file that is not there, or begins with nothing; neither tells what is in it', async () => {
    const missing = passwordFrom(contextWith({}), { passwordFile: join(dir, 'none') });
    await assert.rejects(missing(false, {}), { code: 'USAGE', message: /could not be read/ });
    const empty = passwordFrom(contextWith({}), { passwordFile: fileWith('\nsecret') });
    await assert.rejects(
      empty(false, {}),
      (error: Error) => !error.message.includes('secret') && /empty line/.test(error.message),
    );
  });
});

describe('at a terminal', () => {
  test('the password is asked for and not shown', async () => {
    const terminal = new FakeTerminal();
    const asking = passwordFrom(contextWith({ terminal }), {})(false, {});
    terminal.type('sec', 'x\u007fret', ' ü\r');
    assert.equal(await asking, 'secret ü');
    assert.equal(terminal.written, 'Backup password: \n');
    assert.deepEqual([terminal.isRaw, terminal.listenerCount('data')], [false, 0]);
  });

  test('it is asked for three times at most', async () => {
    const terminal = new FakeTerminal();
    const ask = passwordFrom(contextWith({ terminal }), {});
    for (const [i, again] of [false, true, true].entries()) {
      const asking = ask(again, {});
      terminal.type(`${i}\n`);
      assert.equal(await asking, `${i}`);
    }
    assert.equal(await ask(true, {}), undefined);
    assert.match(terminal.written, /That is not the password/);
  });

  test('letters cut in the middle come together, keys without a letter mean nothing, Ctrl-U begins anew', async () => {
    const terminal = new FakeTerminal();
    const asking = passwordFrom(contextWith({ terminal }), {})(false, {});
    const bytes = Buffer.from('é');
    terminal.emit('data', Buffer.from('wrong\u0015'));
    terminal.emit('data', bytes.subarray(0, 1));
    terminal.emit('data', Buffer.concat([bytes.subarray(1), Buffer.from('\u0001\t!\u0004')]));
    assert.equal(await asking, 'é!');
  });

  for (const { what, give } of [
    { what: 'Ctrl-C', give: (terminal: FakeTerminal) => terminal.type('abc\u0003') },
    { what: 'Ctrl-D on an empty line', give: (terminal: FakeTerminal) => terminal.type('\u0004') },
    { what: 'the terminal going away', give: (terminal: FakeTerminal) => terminal.emit('end') },
  ]) {
    test(`${what} gives up`, async () => {
      const terminal = new FakeTerminal();
      const asking = passwordFrom(contextWith({ terminal }), {})(false, {});
      give(terminal);
      await assert.rejects(asking, { code: 'CANCELLED' });
      assert.equal(terminal.isRaw, false);
    });
  }

  test('a signal ends the waiting', async () => {
    const terminal = new FakeTerminal();
    const stop = new AbortController();
    const asking = passwordFrom(contextWith({ terminal, signal: stop.signal }), {})(false, {});
    stop.abort(new Error('stopped'));
    await assert.rejects(asking, { message: 'stopped' });
    assert.equal(terminal.isRaw, false);
  });
});

describe('a new password', () => {
  test('comes from its file before the environment', async () => {
    const context = contextWith({ env: { HOLDFAST_NEW_PASSWORD: 'environment' } });
    assert.equal(await newPasswordFrom(context, { newPasswordFile: fileWith('file\n') }), 'file');
    assert.equal(await newPasswordFrom(context, {}), 'environment');
  });

  test('has to be typed twice, and the same', async () => {
    const terminal = new FakeTerminal();
    const asking = newPasswordFrom(contextWith({ terminal }), {});
    for (const typed of ['one\r', 'two\r', 'three\r', 'three\r']) {
      terminal.type(typed);
      await setImmediate();
    }
    assert.equal(await asking, 'three');
    assert.match(terminal.written, /^New backup password: \nThe same once more: \nThese were not the same\.\n/);
  });

  test('is not nothing, and is not made up where nobody can be asked', async () => {
    const terminal = new FakeTerminal();
    const asking = newPasswordFrom(contextWith({ terminal }), {});
    terminal.type('\r');
    await assert.rejects(asking, { code: 'CANCELLED' });
    await assert.rejects(newPasswordFrom(contextWith({}), {}), { code: 'USAGE', hint: /--new-password-file/ });
  });
});

function fileWith(content: string | Buffer): string {
  const path = join(dir, 'password');
  writeFileSync(path, content);
  return path;
}

/** As much of a terminal as is used. */
class FakeTerminal extends EventEmitter {
  isRaw = false;
  written = '';

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  resume(): this {
    return this;
  }

  pause(): this {
    return this;
  }

  type(...pieces: string[]): void {
    for (const piece of pieces) this.emit('data', Buffer.from(piece));
  }
}

interface World {
  readonly env?: NodeJS.ProcessEnv;
  readonly terminal?: FakeTerminal;
  readonly signal?: AbortSignal;
}

function contextWith({ env = {}, terminal, signal = new AbortController().signal }: World): CliContext {
  const sink = { write: (text: string) => void (terminal && (terminal.written += text)) };
  return {
    env,
    places: placesFor(env),
    out: sink,
    err: sink,
    // The fake has what reading a password uses.
    input: terminal as unknown as NodeJS.ReadStream | undefined,
    signal,
    setExitCode: () => {},
  };
}
