import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ERROR_CODES } from '../../shared/errors.ts';
import { DEVICE_ERRORS, deviceError, type DeviceErrorRow, meaningIn } from './device-errors.ts';
import type { MobileBackupRequest } from './requests.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'device-errors.md');
/** The codes that are known of MBErrorDomain; those of 300 and above are iCloud's. */
const KNOWN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 22, 25, 26];
const KNOWN_FROM_100 = [100, 101, 102, 103, 104, 105, 106, 202, 203, 204, 205, 207, 208, 210, 211, 212, 300];
const JOBS: readonly MobileBackupRequest['kind'][] = ['backup', 'restore', 'change-password'];

describe('the table of device errors', () => {
  test('has every known code once, ascending', () => {
    assert.deepEqual(
      DEVICE_ERRORS.map((row) => row.deviceCode),
      [...KNOWN, ...KNOWN_FROM_100],
    );
  });

  for (const deviceCode of [...KNOWN, ...KNOWN_FROM_100, 399, 999, -1]) {
    test(`says of ${deviceCode} what happened and what to do, in every job`, () => {
      for (const job of JOBS) {
        const error = deviceError(deviceCode, 'what the device said (MBErrorDomain)', job);
        assert.match(error.message, /^(\p{Ll}|iCloud|Find My).*[^.]$/u);
        assert.match(error.hint ?? '', /^\p{Lu}.*\.$/u);
        assert.deepEqual(error.details, { deviceCode, description: 'what the device said (MBErrorDomain)' });
      }
    });
  }

  test('never tells a person who restores to back up, or speaks of going on where nothing does', () => {
    for (const { deviceCode } of DEVICE_ERRORS) {
      const { message, hint } = deviceError(deviceCode, '', 'restore');
      assert.doesNotMatch(`${message} ${hint}`, /holdfast backup|where it stopped/, String(deviceCode));
    }
  });

  for (const [job, deviceCode, code] of [
    ['backup', 105, 'OUT_OF_SPACE'],
    ['restore', 105, 'DEVICE_REFUSED'],
    ['backup', 205, 'DEVICE_REFUSED'],
    ['restore', 205, 'SNAPSHOT_CORRUPT'],
    ['restore', 204, 'BACKUP_UNFINISHED'],
    ['change-password', 207, 'WRONG_PASSWORD'],
    ['backup', 208, 'PASSCODE_NOT_ENTERED'],
    ['backup', 14, 'DEVICE_BUSY'],
    ['restore', 202, 'CANCELLED'],
    ['restore', 211, 'DEVICE_REFUSED'],
  ] as const) {
    test(`${deviceCode} in a ${job} is ${code}`, () => assert.equal(deviceError(deviceCode, '', job).code, code));
  }

  test('cuts what the device says short', () => {
    assert.equal(String(deviceError(1, 'x'.repeat(5000)).details['description']).length, 500);
  });

  test('is what docs/device-errors.md shows', () => {
    const page = pageOf(DEVICE_ERRORS);
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(PAGE, page);
    assert.equal(readFileSync(PAGE, 'utf8'), page, 'run this test with WRITE_DOCS=1 to write the page anew');
  });
});

function pageOf(rows: readonly DeviceErrorRow[]): string {
  return `# Error codes of the device

What an iPhone or iPad answers when it cannot do what it was asked (Apple's \`MBErrorDomain\`), and what Holdfast says about it. The
number is in the details of the error (\`deviceCode\`), with the device's own English text (\`description\`). What the exit codes
mean is in [exit-codes.md](exit-codes.md).

This page is written from the table in \`src/device/mobilebackup2/device-errors.ts\`; a test holds the two together.

| device | Apple's name | in | what happened | what to do | exit |
|---|---|---|---|---|---|
${rows.flatMap(linesOf).join('\n')}
`;
}

function linesOf(row: DeviceErrorRow): string[] {
  const special = JOBS.filter(
    (job) => (job === 'restore' && row.inRestore) || (job === 'change-password' && row.inPasswordChange),
  );
  const number = row.deviceCode === 300 ? '300–399' : String(row.deviceCode);
  const lines = [lineOf(row, 'backup', number, row.name, special.length === 0 ? 'every job' : 'a backup')];
  if (special.length === 1 && special[0] === 'restore')
    lines[0] = lines[0]?.replace('| a backup |', '| other jobs |') ?? '';
  for (const job of special)
    lines.push(lineOf(row, job, '', '', job === 'restore' ? 'a restore' : 'a password change'));
  return lines;
}

function lineOf(
  row: DeviceErrorRow,
  job: MobileBackupRequest['kind'],
  number: string,
  name: string,
  where: string,
): string {
  const { message, hint, code } = meaningIn(row, job);
  const sentence = message.startsWith('iCloud')
    ? `${message}.`
    : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return `| ${number} | ${name} | ${where} | ${sentence} | ${hint} | ${ERROR_CODES[code].exit} |`;
}
