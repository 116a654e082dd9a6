import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { mergeVersions } from './merge-versions.ts';

interface Row {
  readonly key: string;
  readonly day: number | undefined;
  readonly name: string;
}

/** Stands for a backup: only what `read` below looks at is there. */
const version = (rows: readonly Row[] | undefined | 'damaged') => () =>
  Promise.resolve({ backup: { rows } as unknown as Backup, [Symbol.asyncDispose]: () => Promise.resolve() });

const merge = (...versions: readonly (readonly Row[] | undefined | 'damaged')[]): Promise<Row[]> =>
  mergeVersions(versions.map(version), {
    read: (backup) => {
      const { rows } = backup as unknown as { rows: readonly Row[] | undefined | 'damaged' };
      if (rows === 'damaged') throw new FormatError('the list is damaged');
      return Promise.resolve(rows);
    },
    keyOf: ({ key }) => key,
    atOf: ({ day }) => (day === undefined ? undefined : new Date(2026, 0, day)),
  });

describe('merging what several versions hold', () => {
  it('keeps what newer ones have forgotten, in the order of time', async () => {
    const old = { key: 'a', day: 1, name: 'Anna' };
    const both = { key: 'b', day: 2, name: '+49 151 1' };
    const named = { key: 'b', day: 2, name: 'Ben' };
    const recent = { key: 'c', day: 3, name: 'Cem' };
    assert.deepEqual(await merge([old, both], [recent, named]), [old, named, recent]);
  });

  it('puts what has no date last', async () => {
    const dated = { key: 'a', day: 9, name: 'x' };
    const undated = { key: 'b', day: undefined, name: 'y' };
    assert.deepEqual(await merge([undated], [dated]), [dated, undated]);
  });

  it('passes over versions without it and versions in which it is damaged', async () => {
    const row = { key: 'a', day: 1, name: 'x' };
    assert.deepEqual(await merge([row], undefined, 'damaged', []), [row]);
  });
});
