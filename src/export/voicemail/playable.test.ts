import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { playableCopy } from './playable.ts';

/** AMR narrow band at 12.2 kbit/s: frames of 20 ms, 31 bytes and the byte before them. */
function amr(frames: number, fill = 0): Buffer {
  const frame = Buffer.alloc(32, fill);
  frame[0] = 0x3c;
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: frames }, () => frame)]);
}

test('a recording becomes a WAV file of the same length', async () => {
  const wav = await playableCopy(amr(50, 0x5a));
  assert.ok(wav);
  assert.equal(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
  assert.equal(wav.readUInt32LE(4), wav.length - 8);
  assert.deepEqual([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)], [1, 8000, 16]);
  assert.equal(wav.readUInt32LE(40), 8000 * 2, 'one second');
  assert.ok(wav.subarray(44).some((byte) => byte !== 0));
});

test('what is no recording gets no copy', async () => {
  for (const bytes of ['', 'RIFF', '#!AMR', '#!AMR\n', '#!AMR-XX\n123']) {
    assert.equal(await playableCopy(Buffer.from(bytes)), undefined, bytes);
  }
});

test('damage ends in sound or in nothing, never in an error', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('#!AMR\n', '#!AMR-WB\n'), bytes, async (header, noise) => {
      await playableCopy(Buffer.concat([Buffer.from(header), noise]));
    }),
  );
});
