import type { z } from 'zod';
import { Settings, type SettingsPatch } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';

/** What a settings file says, and what that means. */
export interface ParsedSettings {
  /** As it stands in the file: only what a person has said. */
  readonly said: SettingsPatch;
  readonly settings: Settings;
}

/** @param file named in the error. @throws {AppError} SETTINGS_INVALID */
export function parseSettings(text: string, file: string): ParsedSettings {
  let value: unknown;
  try {
    // An empty file says nothing.
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : 'it cannot be read';
    throw invalid(file, `it is not JSON: ${words}`, cause);
  }
  return checkSettings(value, file);
}

/** @throws {AppError} SETTINGS_INVALID */
export function checkSettings(value: unknown, file: string): ParsedSettings {
  const result = Settings.safeParse(value);
  if (!result.success) throw invalid(file, wordsOf(result.error), result.error);
  // What the schema has accepted is an object.
  return { said: value as SettingsPatch, settings: result.data };
}

function invalid(file: string, words: string, cause: unknown): AppError {
  return new AppError('SETTINGS_INVALID', `the settings in ${file} cannot be used: ${words}`, {
    hint: 'Correct that place; until then the last good settings stay in use.',
    details: { file },
    cause,
  });
}

/** "server.port: Too big: expected number to be <=65535" */
function wordsOf({ issues }: z.ZodError): string {
  const [first, ...others] = issues;
  if (first === undefined) return 'something in it is not allowed';
  const place = first.path.map(String).join('.');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${place === '' ? '' : `${place}: `}${first.message}${more}`;
}

/** Applies a change as RFC 7396 has it: objects are merged, `null` removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) {
      const news = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
      // Also where the key is `__proto__`, which must not reach what it names.
      Object.defineProperty(merged, key, { value: news, enumerable: true, configurable: true, writable: true });
    }
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
