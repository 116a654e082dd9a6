import type { SyntheticEvent } from 'react';

/**
 * A browser that knows the sound of a film and not its picture (HEVC, in many) plays the sound alone and says nothing:
 * the film then has no width.
 */
export function hasNoPicture({ currentTarget }: SyntheticEvent<HTMLVideoElement>): boolean {
  return currentTarget.videoWidth === 0;
}
