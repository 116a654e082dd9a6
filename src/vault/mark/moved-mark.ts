import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { is, isFlag, isText, isTime, isUuid, parseObject, shaped } from '../../shared/json-shape.ts';

/** The file that makes a folder a vault, or says where it went. */
export const MARK_NAME = 'holdfast.json';
const FORMAT = 'holdfast-vault-moved';

/** Besides, the mark that was there. */
const isMovedFile = shaped({
  format: is(FORMAT),
  id: isUuid,
  movedTo: isText,
  movedAt: isTime,
  kept: isFlag,
});

/** What is left where a vault was: it takes the place of the mark, so that nothing takes the folder for a vault. */
export interface MovedMark {
  /** Of the vault. */
  readonly id: string;
  readonly movedTo: string;
  readonly movedAt: Date;
  /** Whether what is here was to stay. */
  readonly kept: boolean;
}

/** What the folder says of a vault that was moved away; undefined where it says nothing of the kind. */
export function readMovedMark(dir: string): MovedMark | undefined {
  try {
    return parseMovedMark(parseObject(readFileSync(join(dir, MARK_NAME), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Undefined for anything else. */
export function parseMovedMark(content: unknown): MovedMark | undefined {
  if (!isMovedFile(content)) return undefined;
  const { id, movedTo, movedAt, kept } = content;
  return { id, movedTo, movedAt: new Date(movedAt), kept };
}

/** @param mark what the mark held; whoever puts it back has the vault again, as far as it was kept. */
export function encodeMovedMark(moved: MovedMark, mark: unknown): Buffer {
  const content = { format: FORMAT, ...moved, movedAt: moved.movedAt.toISOString(), mark };
  return Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`);
}

export function movedError(
  dir: string,
  { movedTo, movedAt, id }: Pick<MovedMark, 'movedTo' | 'movedAt' | 'id'>,
): AppError {
  const day = movedAt.toISOString().slice(0, 10);
  return new AppError('VAULT_MOVED', `the vault that was in ${dir} was moved to ${movedTo} on ${day}`, {
    hint: `Name that folder instead: --vault ${movedTo}, or HOLDFAST_VAULT where that names the old one.`,
    details: { dir, movedTo, id },
  });
}

export function arrivingError(dir: string, from: string): AppError {
  return new AppError('VAULT_MOVED', `the vault in ${from} is being moved to ${dir} and has not arrived yet`, {
    hint: `Use the one in ${from} until then. \`holdfast vault move ${dir}\` goes on with it; this folder can be deleted instead.`,
    details: { dir, from },
  });
}
