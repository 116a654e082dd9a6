/** The operations of AFC. A name says what the request asks; the first two and the `…Result`s are replies. */
export const AFC_OPERATION = {
  status: 0x01,
  data: 0x02,
  readDirectory: 0x03,
  truncate: 0x07,
  removePath: 0x08,
  makeDirectory: 0x09,
  fileInfo: 0x0a,
  deviceInfo: 0x0b,
  open: 0x0d,
  openResult: 0x0e,
  read: 0x0f,
  write: 0x10,
  seek: 0x11,
  tell: 0x12,
  tellResult: 0x13,
  close: 0x14,
  setSize: 0x15,
  rename: 0x18,
  lock: 0x1b,
  makeLink: 0x1c,
  hash: 0x1d,
  setModifiedTime: 0x1e,
  removeTree: 0x22,
} as const;

/** How a file is opened. Like C's fopen, except that `readWrite` (r+) also creates the file. */
export const AFC_OPEN_MODE = { read: 1, readWrite: 2, write: 3, writeRead: 4, append: 5, appendRead: 6 } as const;

/** Lock requests; `| 4` means "do not wait", the only kind any client sends. */
export const AFC_LOCK = { shared: 1 | 4, exclusive: 2 | 4, unlock: 8 | 4 } as const;

export const AFC_LINK = { hard: 1, symbolic: 2 } as const;

/** The codes of a status reply. */
export const AFC_STATUS = {
  ok: 0,
  unknown: 1,
  badHeader: 2,
  noResources: 3,
  readError: 4,
  writeError: 5,
  unknownPacketType: 6,
  invalidArgument: 7,
  notFound: 8,
  isDirectory: 9,
  denied: 10,
  notConnected: 11,
  timeout: 12,
  tooMuchData: 13,
  endOfData: 14,
  unsupported: 15,
  exists: 16,
  busy: 17,
  noSpace: 18,
  wouldBlock: 19,
  ioError: 20,
  interrupted: 21,
  inProgress: 22,
  internal: 23,
  mux: 30,
  outOfMemory: 31,
  notEnoughData: 32,
  directoryNotEmpty: 33,
} as const;
