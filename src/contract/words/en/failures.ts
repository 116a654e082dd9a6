/** Why a job failed, by the code of its error (docs/exit-codes.md): a clause behind “because”, and what to do. */
const FAILURES: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  DEVICE_NOT_FOUND: ['it could not be found', 'Bring it home, or connect it with a cable.'],
  DEVICE_LOCKED: ['it has to be unlocked first', 'Unlock it once at home.'],
  DEVICE_NOT_TRUSTED: ['it does not trust this computer any more', 'Connect it with a cable, unlock it and tap Trust.'],
  CONNECTION_LOST: [
    'the connection to it broke',
    'Leave it near the router or on the cable until the backup is done. It goes on where it stopped.',
  ],
  PROTOCOL_VIOLATION: ['it said something nobody understands', 'Restart it; if that does not help, report it.'],
  USBMUXD_UNAVAILABLE: ['nothing on this computer talks to the cable', 'Install and start usbmuxd on this computer.'],
  TRUST_REFUSED: ['“Don’t Trust” was tapped on it', 'Pair it again and tap Trust.'],
  PASSCODE_NOT_ENTERED: ['nobody entered the passcode', 'Unlock it at home and enter the passcode when it asks.'],
  DEVICE_REFUSED: ['it declined', 'Restart it and try again; the history shows its own code.'],
  WRONG_PASSWORD: ['the backup password was wrong', 'Give the right password, or check which one is meant.'],
  SNAPSHOT_CORRUPT: [
    'stored files are damaged or missing',
    'Run a checkup: it names them and fetches them from a copy.',
  ],
  VAULT_BUSY: ['something else was writing into the backups', 'Look what runs there, and let it come to its end.'],
  ALREADY_RUNNING: ['something was being done with it already', 'Let that come to its end, then try again.'],
  OUT_OF_SPACE: [
    'the disk was full',
    'Make room on that disk, keep fewer versions, or move the backups to a larger one.',
  ],
  VAULT_NOT_FOUND: ['the folder with the backups was not there', 'Connect or mount its disk.'],
  VAULT_UNREADABLE: [
    'the backups are damaged or were written by a newer version of Holdfast',
    'Update Holdfast; if that is not it, restore the backups from a copy.',
  ],
  VAULT_MOVED: ['the backups were moved to another folder', 'Name the folder they are in now.'],
  DEVICE_BUSY: ['something else was working with it', 'Close other programs that use it, or wait for them.'],
  STORAGE_FAILED: ['the disk answered with an error', 'Check the disk and its cable, and who may write there.'],
  SECRETS_UNREADABLE: ['the sealed passwords cannot be opened', 'Put the key of the sealed passwords back.'],
  COPY_UNREACHABLE: ['its place could not be reached', 'Connect its disk, or look whether its server is up.'],
  COPY_UNEXPECTED: ['another disk or repository lies there', 'Connect the right one.'],
  COPY_FAILED: ['the program that keeps it failed', 'The history shows what that program said.'],
  COPY_DAMAGED: ['it does not hold what it should', 'Verify that copy and repair it.'],
  COPIES_UNREADABLE: ['the list of copies cannot be read', 'Bring back the file copies.json, or add the copies again.'],
  PROGRAM_MISSING: ['a program it needs is not installed, or too old', 'Install that program on this computer.'],
};

export const reasonOf = (error: string): string =>
  (Object.hasOwn(FAILURES, error) ? FAILURES[error]?.[0] : undefined) ?? `there was an error with the code ${error}`;

export const adviceOn = (error: string): string =>
  (Object.hasOwn(FAILURES, error) ? FAILURES[error]?.[1] : undefined) ?? `The history shows what happened (${error}).`;
