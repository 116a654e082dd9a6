/** Of exFAT, FAT32 and NTFS. */
const ODD = /[:*?"<>|\\]/;
/** What file systems answer to a name they do not take. */
const NAME_REFUSED = new Set(['ENOENT', 'EINVAL', 'EILSEQ']);

/** What to do where a disk is whole, and takes just this file or folder not: for its size, or for its name. */
export function hintOfRefusal(systemCode: string, path: string): string | undefined {
  // The limit of FAT32, which nobody sees on a stick until the first long film.
  if (systemCode === 'EFBIG') {
    return 'That disk, or a limit of this account, takes no file as large as this one: FAT32 takes 4 GB at most. Use a disk with exFAT or ext4; formatting one anew deletes everything on it.';
  }
  if (NAME_REFUSED.has(systemCode) && ODD.test(path)) {
    return 'Choose another name: many disks take none with one of : * ? " < > | \\ in it.';
  }
  return undefined;
}
