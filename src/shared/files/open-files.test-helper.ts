import { readdirSync, readlinkSync } from 'node:fs';

/** The files below a folder that this process has open. Linux alone tells. */
export function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    const path = linkOf(`/proc/self/fd/${fd}`);
    return path?.startsWith(`${folder}/`) === true ? [path] : [];
  });
}

/** Reading the folder is itself a descriptor, which is gone by then. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
