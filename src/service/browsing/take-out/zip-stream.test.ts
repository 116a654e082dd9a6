import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormatError } from '../../../shared/errors.ts';
import { UniqueNames, zipStream, type ZipFile } from './zip-stream.ts';

const file = (path: string, ...chunks: string[]): ZipFile => ({
  parts: path.split('/'),
  async *open() {
    // As backups give them: one buffer, filled again and again.
    const buffer = Buffer.alloc(16);
    for (const chunk of chunks) yield buffer.subarray(0, buffer.write(chunk));
  },
});

async function zipped(files: readonly ZipFile[]): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipStream(files, { files: 0, bytes: 0 })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
}

describe('a zip that is made while it is sent', () => {
  test('holds every piece of a file, although they come in one buffer', async () => {
    const zip = await zipped([file('a/b.txt', 'first ', 'second ', 'third')]);
    assert.match(zip, /a\/b\.txt/);
    assert.match(zip, /first second third/);
  });

  test('tells at its end what could not be read, and goes on', async () => {
    const broken: ZipFile = {
      parts: ['broken.txt'],
      async *open() {
        yield Buffer.from('half');
        throw new FormatError('its key is damaged');
      },
    };
    const absent: ZipFile = {
      parts: ['absent.txt'],
      // oxlint-disable-next-line require-yield -- it has nothing to give but its failure
      async *open() {
        throw new FormatError('only the device has its key');
      },
    };
    const zip = await zipped([broken, absent, file('whole.txt', 'all of it')]);
    assert.match(zip, /broken\.txt: its end is missing: its key is damaged/);
    assert.match(zip, /absent\.txt: only the device has its key/);
    assert.match(zip, /all of it/);
  });

  test('counts what has been put in', async () => {
    const progress = { files: 0, bytes: 0 };
    for await (const _ of zipStream([file('a', '12345'), file('b')], progress));
    assert.deepEqual(progress, { files: 2, bytes: 5 });
  });
});

describe('names in a zip', () => {
  test('lead nowhere else, are each there once, and differ in more than their case', () => {
    const names = new UniqueNames();
    assert.equal(names.of(['..', '..', 'etc', 'passwd']), '_/_/etc/passwd');
    assert.equal(names.of(['a', 'IMG.jpg']), 'a/IMG.jpg');
    assert.equal(names.of(['a', 'img.JPG']), 'a/img (2).JPG');
    assert.equal(names.of(['a', 'IMG.jpg']), 'a/IMG (3).jpg');
    assert.equal(names.of(['', '/', 'con.txt']), '_/_con.txt');
    assert.equal(names.of([]), '_');
  });
});
