import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareReleases, compareVersions, isBeta } from './ios-version.ts';

/** Real releases, oldest first. */
const HISTORY = [
  ['9.3.5', '13G36'],
  ['10.3.4', '14G61'],
  ['16.4.1', '20E252'],
  ['16.4.1 (a)', '20E772520a'],
  ['17.0', '21A5248v'],
  ['17.0', '21A5291h'],
  ['17.0', '21A329'],
  ['17.5.1', '21F90'],
  ['18.5', '22F5042g'],
  ['18.5', '22F5068a'],
  ['18.5', '22F76'],
  ['18.6', '22G5054d'],
  ['26.0', '23A5260n'],
  ['26.0', '23A341'],
] as const;

describe('compareReleases', () => {
  test('puts real releases and betas in their order', () => {
    for (const [i, [version, build]] of HISTORY.entries()) {
      for (const [j, [otherVersion, otherBuild]] of HISTORY.entries()) {
        const result = compareReleases({ version, build }, { version: otherVersion, build: otherBuild }) ?? Number.NaN;
        const isRapidResponse = [i, j].includes(3) && [i, j].includes(2);
        if (!isRapidResponse) assert.equal(Math.sign(result), Math.sign(i - j), `${build} against ${otherBuild}`);
      }
    }
  });

  test('goes by the numbers where a build is unknown or makes no sense', () => {
    assert.equal(compareReleases({ version: '18.5', build: undefined }, { version: '18.5', build: '22F76' }), 0);
    assert.equal(compareReleases({ version: '18.5', build: '???' }, { version: '18.5', build: '22F76' }), 0);
    assert.ok((compareReleases({ version: '18.4', build: 'x' }, { version: '18.5', build: 'x' }) ?? 0) < 0);
  });

  test('goes by the builds where a number is unknown', () => {
    const [older, newer] = [
      { version: undefined, build: '22F76' },
      { version: undefined, build: '22G86' },
    ];
    assert.ok((compareReleases(older, newer) ?? 0) < 0);
  });

  test('says nothing where nothing is known', () => {
    const unknown = { version: undefined, build: undefined };
    assert.equal(compareReleases(unknown, { version: '18.5', build: '22F76' }), undefined);
    assert.equal(compareReleases(unknown, unknown), undefined);
  });
});

describe('compareVersions', () => {
  for (const [a, b, sign] of [
    ['9.3.5', '18', -1],
    ['18.10', '18.9', 1],
    ['18.5', '18.5.0', 0],
    ['16.4.1 (a)', '16.4.1', 0],
    [' 18.5', '18.5', 0],
  ] as const) {
    test(`${a} against ${b}`, () => assert.equal(Math.sign(compareVersions(a, b) ?? Number.NaN), sign));
  }

  test('does not guess', () => {
    assert.equal(compareVersions('unknown', '18.5'), undefined);
    assert.equal(compareVersions('18.5', ''), undefined);
  });
});

test('betas are known by their builds', () => {
  assert.deepEqual(
    ['22F5042g', '22F76', '20E772520a', '21A329', undefined].map((build) => isBeta(build)),
    [true, false, false, false, false],
  );
});
