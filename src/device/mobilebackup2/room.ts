/**
 * How much room a device found missing on this computer. It asks how much is free and goes on when that is more than
 * what it sends and 128 MiB; else it asks that some be made, looks once more, and gives up.
 */
import { AppError, isAppError } from '../../shared/errors.ts';
import { formatSize } from '../../shared/text/size.ts';

/** A device asks for so much more to be freed than it lacks. */
const ASKED_BEYOND_BYTES = 2 * 1024 ** 3;

export class RoomAsked {
  #freeBytes: number | undefined;
  #neededBytes: number | undefined;

  /** The device was told how much is free. */
  told(freeBytes: number): void {
    this.#freeBytes = freeBytes;
  }

  /** The device asks for so much to be freed. */
  wanted(bytes: number): void {
    if (bytes <= 0 || bytes > Number.MAX_SAFE_INTEGER) return;
    const missing = bytes >= ASKED_BEYOND_BYTES ? bytes - ASKED_BEYOND_BYTES : bytes;
    this.#neededBytes = (this.#freeBytes ?? 0) + missing;
  }

  /** The device goes on with something else: it is content. */
  settle(): void {
    this.#neededBytes = undefined;
  }

  /** `error` as what it is when a device gives up that has just found too little room. */
  explain(error: AppError): AppError {
    if (this.#neededBytes === undefined || !isAppError(error, 'OUT_OF_SPACE', 'DEVICE_REFUSED')) return error;
    const freeBytes = this.#freeBytes ?? 0;
    const missingBytes = this.#neededBytes - freeBytes;
    if (missingBytes < 0) return error;
    // What is kept back is part of what is missing where nothing is free, and was not told to the device.
    const atLeast = freeBytes === 0 ? 'at least ' : '';
    const more = missingBytes === 0 ? 'a little' : `${atLeast}${formatSize(missingBytes)}`;
    return new AppError('OUT_OF_SPACE', `there is not enough space on this computer: ${more} more is needed`, {
      hint: 'Free some space, or keep the backups on a larger disk.',
      details: { ...error.details, missingBytes, freeBytes },
      cause: error,
    });
  }
}
