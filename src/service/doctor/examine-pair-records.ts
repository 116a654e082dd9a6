import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { type Finding, problem } from './finding.ts';

/** Whoever can read a pair record can back the phone up. */
export async function examineRecords(dir: string): Promise<Finding> {
  const check = 'pair-records';
  try {
    if (await isOpen(dir)) return openRecords(dir, `chmod 700 ${dir}`);
    const files = (await readdir(dir)).map((name) => join(dir, name));
    for (const file of files) if (await isOpen(file)) return openRecords(file, `chmod 600 ${file}`);
    return { check, state: 'ok', message: 'The keys to your devices are readable by you alone.' };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT')
      return { check, state: 'ok', message: 'No device was paired by Holdfast yet.' };
    return problem(check, new AppError('STORAGE_FAILED', `${dir} cannot be looked at`, { cause: error }));
  }
}

async function isOpen(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0;
}

function openRecords(path: string, command: string): Finding {
  return {
    check: 'pair-records',
    state: 'problem',
    code: 'STORAGE_FAILED',
    message: `Other users of this computer can look into ${path}, which holds keys to your devices.`,
    hint: `Close it: ${command}`,
  };
}
