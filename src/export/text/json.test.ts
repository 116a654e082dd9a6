import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonArray, jsonText } from './json.ts';

async function textOf(values: Iterable<unknown>): Promise<string> {
  return (await Array.fromAsync(jsonArray(values))).join('');
}

describe('a JSON file', () => {
  it('is an array with an element on each line', async () => {
    assert.equal(await textOf([{ a: 1 }, { b: 'ü' }]), '[\n{"a":1},\n{"b":"ü"}\n]\n');
    assert.deepEqual(JSON.parse(await textOf([])), []);
  });

  it('leaves out what is not recorded and keeps what is empty', async () => {
    assert.equal(await textOf([{ subject: undefined, text: null }]), '[\n{"text":null}\n]\n');
  });

  it('writes dates, bytes and large numbers so that nothing is lost', () => {
    const value = { at: new Date(0), small: 5n, large: 2n ** 63n, bytes: Buffer.from('hi'), more: new Uint8Array([1]) };
    assert.deepEqual(JSON.parse(jsonText(value)), {
      at: '1970-01-01T00:00:00.000Z',
      small: 5,
      large: '9223372036854775808',
      bytes: 'aGk=',
      more: 'AQ==',
    });
  });
});
