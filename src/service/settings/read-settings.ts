import { readFile } from 'node:fs/promises';
import type { Settings } from '../../contract/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { parseSettings } from './parse-settings.ts';

/** The settings as they are in their file now, for a command; as they come where there is no file. @throws {AppError} SETTINGS_INVALID */
export async function readSettings(file: string): Promise<Settings> {
  let text = '';
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  return parseSettings(text, file).settings;
}
