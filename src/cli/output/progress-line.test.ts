import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ProgressLine } from './progress-line.ts';
import { displayWidth } from './table.ts';

const RECEIVING = {
  phase: 'Receiving',
  fraction: 0.5,
  facts: ['5,246 files', '807 MB', '81 MB/s', '1 min 35 s left'],
};

let nowMs = 0;
let written: string[] = [];
const lineOn = (sink: { isTTY?: boolean; columns?: number }): ProgressLine => {
  return new ProgressLine({ ...sink, write: (text: string) => written.push(text) }, () => nowMs);
};

beforeEach(() => {
  nowMs = 0;
  written = [];
});

describe('on a terminal', () => {
  test('a bar redraws itself in place, ten times a second at most', () => {
    const line = lineOn({ isTTY: true, columns: 120 });
    for (nowMs = 0; nowMs < 1000; nowMs += 10) line.show(RECEIVING);
    assert.equal(written.length, 10);
    assert.equal(
      written[0],
      '\r\u001b[2KReceiving  ████████████░░░░░░░░░░░░  50 %  5,246 files, 807 MB, 81 MB/s, 1 min 35 s left',
    );
  });

  test('another phase shows at once', () => {
    const line = lineOn({ isTTY: true });
    line.show({ phase: 'Connecting' });
    line.show({ phase: 'Enter the passcode on the device' });
    assert.deepEqual(written, ['\r\u001b[2KConnecting', '\r\u001b[2KEnter the passcode on the device']);
  });

  test('it never reaches the edge, and drops whole facts before it cuts a word', () => {
    for (let columns = 12; columns < 120; columns++) {
      written = [];
      lineOn({ isTTY: true, columns }).show(RECEIVING);
      const text = written.join('').slice('\r\u001b[2K'.length);
      assert.ok(displayWidth(text) < columns, `${columns}: ${text}`);
      if (columns > 16) assert.match(text, /50 %(?:  5,246 files(?:, 807 MB(?:, 81 MB\/s(?:, 1 min 35 s left)?)?)?)?$/);
    }
  });

  test('the end clears it, once', () => {
    const line = lineOn({ isTTY: true });
    line.end();
    line.show(RECEIVING);
    line.end();
    line.end();
    assert.deepEqual(written.slice(1), ['\r\u001b[2K']);
  });
});

describe('in a pipe', () => {
  test('a plain line comes now and then, and with every phase', () => {
    const line = lineOn({});
    for (nowMs = 0; nowMs < 30_000; nowMs += 1000) {
      line.show({ phase: 'Receiving', fraction: nowMs / 100_000, facts: [`${nowMs} files`] });
    }
    line.show({ phase: 'Finishing' });
    line.end();
    assert.deepEqual(written, [
      'Receiving  0 %  0 files\n',
      'Receiving  10 %  10000 files\n',
      'Receiving  20 %  20000 files\n',
      'Finishing\n',
    ]);
  });

  test('what was said is not said again', () => {
    const line = lineOn({});
    for (nowMs = 0; nowMs < 60_000; nowMs += 1000) line.show({ phase: 'Enter the passcode on the device' });
    assert.deepEqual(written, ['Enter the passcode on the device\n']);
  });
});

test('without a place to show it, nothing happens', () => {
  const line = new ProgressLine(undefined);
  line.show(RECEIVING);
  line.end();
});
