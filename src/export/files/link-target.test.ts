import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { safeLinkTarget } from './link-target.ts';

for (const [path, target, safe] of [
  ['HomeDomain/Library/latest', 'Preferences/current.plist', 'Preferences/current.plist'],
  ['HomeDomain/Library/Caches/link', '../Preferences/x', '../Preferences/x'],
  ['HomeDomain/link', './a//b/', 'a/b'],
  ['HomeDomain/Library/up', '..', '..'],
  ['HomeDomain/up', '..', undefined],
  ['HomeDomain/Library/up', '../..', undefined],
  ['HomeDomain/Library/up', '../../CameraRollDomain/x', undefined],
  ['HomeDomain/link', '/etc/passwd', undefined],
  ['HomeDomain/link', 'a/../../..', undefined],
  ['HomeDomain/a/b/link', 'c/../d', undefined],
  ['HomeDomain/link', '', undefined],
  ['HomeDomain/link', '.', undefined],
  ['HomeDomain/link', 'C:\\Windows', undefined],
  ['HomeDomain/link', 'con', undefined],
  ['HomeDomain/link', 'a\0b', undefined],
] as const) {
  test(`a link at ${path} to ${JSON.stringify(target)} ${safe === undefined ? 'is none' : 'stays'}`, () => {
    assert.equal(safeLinkTarget(path, target), safe);
  });
}

test('links never lead out of their domain, however they lead through each other', () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => ['Domain', ...names].join('/'));
  const target = fc.array(fc.oneof(name, fc.constant('..')), { maxLength: 6 }).map((names) => names.join('/'));
  try {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, target), { maxLength: 12 }), (links) => {
        const root = mkdtempSync(join(dir, 'x'));
        const inside = join(root, 'Domain');
        mkdirSync(inside);
        const made = links.filter(([at, to]) => link(root, at, to)).map(([at]) => join(root, at));
        for (const each of made) {
          const leads = resolved(each);
          assert.ok(leads === undefined || leads === inside || leads.startsWith(`${inside}/`), leads);
        }
      }),
      { numRuns: 300 },
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** Makes a link as an export does: in real folders only. @returns whether it was made */
function link(root: string, at: string, to: string): boolean {
  const safe = safeLinkTarget(at, to);
  if (safe === undefined) return false;
  try {
    mkdirSync(join(root, dirname(at)), { recursive: true });
    if (realpathSync(join(root, dirname(at))) !== join(root, dirname(at))) return false;
    symlinkSync(safe, join(root, at));
    return true;
  } catch {
    // Something of that name is there already.
    return false;
  }
}

/** Where a link leads in the end; undefined where nothing is. */
function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
