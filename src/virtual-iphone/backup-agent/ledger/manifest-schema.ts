/** Manifest.db as iOS 10 and later write it. */
export const MANIFEST_SCHEMA = `
  PRAGMA main.user_version = 2;
  CREATE TABLE main.Files (
    fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB
  );
  CREATE TABLE main.Properties (key TEXT PRIMARY KEY, value BLOB);
`;

/** Made after the first filling: a table is filled several times as fast without them. */
export const MANIFEST_INDEXES = `
  CREATE INDEX IF NOT EXISTS main.FilesDomainIdx ON Files(domain);
  CREATE INDEX IF NOT EXISTS main.FilesRelativePathIdx ON Files(relativePath);
  CREATE INDEX IF NOT EXISTS main.FilesFlagsIdx ON Files(flags);
`;
