import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AfcClient } from './afc-client.ts';
import { AFC_OPERATION } from './constants.ts';
import { fakeAfc, type FakeReply } from './fake-afc.test-helper.ts';
import { type AfcPacket, encodeAfcPacket, readAfcNumber, readAfcStrings } from './packet.ts';

describe('AfcClient', () => {
  test('lists a folder without the two entries that are no files', async () => {
    const { stream, requests } = fakeAfc(() => ({ data: '.\0..\0IMG_0001.HEIC\0Cafe\u0301\0' }));
    assert.deepEqual(await new AfcClient(stream).list('/DCIM'), ['IMG_0001.HEIC', 'Cafe\u0301']);
    assert.equal(requests[0]?.args.toString(), '/DCIM\0');
  });

  test('describes a file, in bytes and dates', async () => {
    const facts =
      'st_size\x005\0st_blocks\x001\0st_nlink\x001\0st_ifmt\0S_IFREG\0st_mtime\x001600000000000000000\0st_birthtime\x000\0';
    const { stream } = fakeAfc(() => ({ data: facts }));
    assert.deepEqual(await new AfcClient(stream).stat('/x'), {
      kind: 'file',
      sizeBytes: 5,
      modifiedAt: new Date('2020-09-13T12:26:40Z'),
      bornAt: new Date(0),
    });
  });

  test('makes sense of facts that make none', async () => {
    const { stream } = fakeAfc(() => ({ data: 'st_size\0many\0st_ifmt\0S_IFSOCK\0st_mtime\x001e300\0odd' }));
    const stat = await new AfcClient(stream).stat('/x');
    assert.deepEqual([stat.kind, stat.sizeBytes, stat.modifiedAt.getTime()], ['other', 0, 0]);
  });

  test('reads a file of any size, asking ahead, and closes it', async () => {
    const content = Buffer.alloc(3 * 256 * 1024 + 5, 'content ');
    const file = fileOf(content);
    const { stream, requests } = fakeAfc(file);
    const chunks: Buffer[] = [];
    for await (const chunk of new AfcClient(stream).read('/x')) chunks.push(chunk);
    assert.ok(Buffer.concat(chunks).equals(content));
    assert.equal(requests.at(-1)?.operation, AFC_OPERATION.close);
  });

  for (const status of ['ok', 'endOfData'] as const) {
    test(`takes the bare status “${status}” for the end of a file, not for content`, async () => {
      const file = fileOf(Buffer.from('content'));
      const { stream, requests } = fakeAfc((request) => {
        const reply = file(request);
        return typeof reply === 'object' && 'data' in reply && reply.data.length === 0 ? { status } : reply;
      });
      assert.equal((await new AfcClient(stream).readWhole('/x', 100)).toString(), 'content');
      assert.equal(requests.at(-1)?.operation, AFC_OPERATION.close);
    });
  }

  test('closes a file that is not read to its end', async () => {
    const { stream, requests } = fakeAfc(fileOf(Buffer.alloc(10_000_000)));
    for await (const chunk of new AfcClient(stream).read('/x')) {
      assert.ok(chunk.length > 0);
      break;
    }
    assert.equal(requests.at(-1)?.operation, AFC_OPERATION.close);
  });

  test('does not take in a file larger than it was to be', async () => {
    const { stream } = fakeAfc(fileOf(Buffer.alloc(1000)));
    const client = new AfcClient(stream);
    await assert.rejects(client.readWhole('/x', 999), { name: 'AfcError', status: 'tooMuchData' });
    assert.equal((await new AfcClient(fakeAfc(fileOf(Buffer.alloc(1000))).stream).readWhole('/x', 1000)).length, 1000);
  });

  test('writes a file in portions', async () => {
    const written: Buffer[] = [];
    const { stream } = fakeAfc((request) => {
      if (request.operation === AFC_OPERATION.open) return { handle: 4 };
      if (request.operation === AFC_OPERATION.write) {
        assert.equal(readAfcNumber(request.args, 0), 4);
        written.push(Buffer.from(request.payload));
      }
      return { status: 'ok' };
    });
    const content = Buffer.alloc(600_000, 'abc');
    await new AfcClient(stream).write('/x', [content, content]);
    assert.ok(Buffer.concat(written).equals(Buffer.concat([content, content])));
    assert.ok(written.every((portion) => portion.length <= 256 * 1024));
  });

  test('sends every other operation with the arguments it needs', async () => {
    const { stream, requests } = fakeAfc(() => ({ status: 'ok' }));
    const client = new AfcClient(stream);
    await client.makeDirectory('/a');
    await client.remove('/b');
    await client.removeTree('/c');
    await client.rename('/d', '/e');
    await client.symlink('target', '/link');
    await client.truncate('/f', 7);
    await client.setModifiedTime('/g', new Date(2));
    assert.deepEqual(
      requests.map(({ operation, args }) => [
        operation,
        operation === 7 || operation === 0x1c || operation === 0x1e
          ? [readAfcNumber(args, 0), ...readAfcStrings(args, 8)]
          : readAfcStrings(args),
      ]),
      [
        [AFC_OPERATION.makeDirectory, ['/a']],
        [AFC_OPERATION.removePath, ['/b']],
        [AFC_OPERATION.removeTree, ['/c']],
        [AFC_OPERATION.rename, ['/d', '/e']],
        [AFC_OPERATION.makeLink, [2, 'target', '/link']],
        [AFC_OPERATION.truncate, [7, '/f']],
        [AFC_OPERATION.setModifiedTime, [2_000_000, '/g']],
      ],
    );
  });

  test('tells what the device declined and why', async () => {
    const client = new AfcClient(fakeAfc(() => ({ status: 'notFound' })).stream);
    await assert.rejects(client.list('/DCIM'), {
      name: 'AfcError',
      code: 'DEVICE_REFUSED',
      status: 'notFound',
      message: 'the device could not list /DCIM: there is no such file',
      details: { afcStatus: 'notFound', deviceCode: 8 },
    });
  });

  test('tells a lock that is taken from a lock that fails', async () => {
    const replies: FakeReply[] = [{ handle: 1 }, { status: 'wouldBlock' }, { status: 'ok' }, { status: 'denied' }];
    const client = new AfcClient(fakeAfc(() => replies.shift() ?? 'silence').stream);
    const handle = await client.open('/lock', 'readWrite');
    assert.equal(await client.lock(handle), false);
    assert.equal(await client.lock(handle), true);
    await assert.rejects(client.lock(handle), { status: 'denied' });
  });

  test('names an open file with all 64 bits that the device named it with', async () => {
    const number = 0xfedc_ba98_7654_3211n;
    const { stream, requests } = fakeAfc(({ operation }) =>
      operation === AFC_OPERATION.open ? { handle: number } : { status: 'ok' },
    );
    const client = new AfcClient(stream);
    const handle = await client.open('/lock', 'readWrite');
    await client.lock(handle);
    await client.close(handle);
    assert.deepEqual(
      requests.slice(1).map(({ args }) => args.readBigUInt64LE(0)),
      [number, number],
    );
  });

  test('fails everything under way when the connection breaks, and everything after', async () => {
    const { stream } = fakeAfc(() => 'silence');
    const client = new AfcClient(stream);
    const waiting = [client.list('/a'), client.stat('/b')];
    stream.destroy();
    for (const each of waiting) await assert.rejects(each, { code: 'CONNECTION_LOST' });
    await assert.rejects(client.list('/c'), { code: 'CONNECTION_LOST' });
  });

  for (const [what, bytes] of [
    ['garbage', Buffer.alloc(40)],
    [
      'an answer to a question nobody asked',
      encodeAfcPacket({ operation: 1, packetNumber: 99, args: Buffer.alloc(8) }),
    ],
  ] as const) {
    test(`does not go on with a device that sends ${what}`, async () => {
      const { stream, device } = fakeAfc(() => 'silence');
      const waiting = new AfcClient(stream).list('/a');
      device.write(bytes);
      await assert.rejects(waiting, { code: 'PROTOCOL_VIOLATION' });
      assert.ok(stream.destroyed);
    });
  }
});

/** A device that has one file. */
function fileOf(content: Buffer): (request: AfcPacket) => FakeReply {
  let at = 0;
  return ({ operation, args }) => {
    if (operation === AFC_OPERATION.open) return { handle: 1 };
    if (operation === AFC_OPERATION.close) return { status: 'ok' };
    const data = content.subarray(at, at + readAfcNumber(args, 8));
    at += data.length;
    return { data };
  };
}
