import Libsql from 'libsql';

/**
 * One embedded database file (libsql, a kept fork of SQLite whose binaries come as npm packages). Everything is
 * synchronous: a write has returned when it is on the disk, so a killed process loses nothing that it said it had done.
 */
export type Database = {
  /** The rows of a query. */
  all(sql: string, ...values: readonly Value[]): Row[];
  /** Rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  /** All of it or nothing, and nobody else in between. */
  atOnce<T>(work: () => T): T;
  close(): void;
};
export type Value = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** Another process's write takes milliseconds; one that holds the file longer than this is a fault. */
const PATIENCE_MS = 10_000;

const SCHEMA = `
CREATE TABLE blobs (name TEXT PRIMARY KEY, body BLOB NOT NULL, writtenAt INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE windows (id TEXT PRIMARY KEY, version INTEGER NOT NULL, window TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE broadcasts (
  id TEXT PRIMARY KEY, startsAt INTEGER NOT NULL, wanted TEXT NOT NULL, next INTEGER,
  state TEXT NOT NULL, performance TEXT, title TEXT, encore INTEGER NOT NULL, durationMs INTEGER,
  startLatenessMs INTEGER, heard INTEGER, epoch INTEGER NOT NULL, owner TEXT, leaseUntil INTEGER NOT NULL,
  fetchedFrom INTEGER, fetchedUntil INTEGER
) WITHOUT ROWID;
CREATE INDEX byStart ON broadcasts (startsAt);
CREATE TABLE timers (
  broadcast TEXT NOT NULL, reason TEXT NOT NULL, instant INTEGER NOT NULL, fired INTEGER NOT NULL,
  PRIMARY KEY (broadcast, reason)
) WITHOUT ROWID;
`;
const VERSION = 2;
/** From the version before each to it, for files that were made by an earlier Pianola; the first leads to 2. */
const STEPS = [
  'ALTER TABLE broadcasts ADD COLUMN fetchedFrom INTEGER; ALTER TABLE broadcasts ADD COLUMN fetchedUntil INTEGER;',
];

/**
 * Opens the file, and makes it where there is none.
 * @param path `:memory:` for one that is gone when it is closed
 * @param fill called once in the file's life, in the same transaction as the making of its tables
 */
export function openDatabase(path: string, fill: (database: Database) => void = () => {}): Database {
  const file = opened(path);
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw faultOf(error, path);
    }
  };
  const statements = new Map<string, Libsql.Statement>();
  // To compile one takes longer than to run it, and there are some thirty.
  const prepared = (sql: string): Libsql.Statement => {
    const known = statements.get(sql) ?? file.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const database: Database = {
    all: (sql, ...values) => told(() => prepared(sql).all(...values) as Row[]),
    run: (sql, ...values) => told(() => prepared(sql).run(...values).changes),
    atOnce: (work) => told(() => file.transaction(work).immediate()),
    close: () => void file.close(),
  };
  try {
    // Readers and a writer do not wait for each other; FULL: a commit has reached the disk when it returns.
    database.all('PRAGMA journal_mode = WAL');
    database.all('PRAGMA synchronous = FULL');
    if (versionOf(database) === 0) {
      database.atOnce(() => {
        // Two may have found it empty.
        if (versionOf(database) !== 0) return;
        file.exec(SCHEMA);
        fill(database);
        file.exec(`PRAGMA user_version = ${VERSION}`);
      });
    }
    if (versionOf(database) < VERSION) {
      database.atOnce(() => {
        // Again, two may have come at once.
        for (const step of STEPS.slice(versionOf(database) - 1)) file.exec(step);
        file.exec(`PRAGMA user_version = ${VERSION}`);
      });
    }
    const version = versionOf(database);
    if (version !== VERSION)
      throw new Error(`${path} was written by a later Pianola (its schema is ${version}): update this one`);
  } catch (error) {
    file.close();
    throw error;
  }
  return database;
}

const versionOf = (database: Database): number =>
  Number(database.all('PRAGMA user_version')[0]?.user_version);

function opened(path: string): Libsql.Database {
  try {
    return new Libsql(path, { timeout: PATIENCE_MS });
  } catch (cause) {
    const fault = faultOf(cause, path);
    throw fault === cause ? new Error(`the database ${path} cannot be opened`, { cause }) : fault;
  }
}

/** What SQLite says of the file (sqlite.org/rescode.html), in the words of the file system: a command ends with its exit code. */
const CODES: readonly (readonly [RegExp, string, string])[] = [
  [/CANTOPEN|READONLY|PERM|AUTH/, 'EACCES', 'cannot be opened'],
  // The index of a write-ahead log is 32 KB, for which there must be room also where nothing is written.
  [/FULL|IOERR_SHMSIZE/, 'ENOSPC', 'finds no room'],
  [/IOERR/, 'EIO', 'cannot be read or written'],
];

/** An error that names the file; what is no fault of the file stays as it is. */
export function faultOf(error: unknown, path: string): unknown {
  const { code = '' } = error as { code?: string };
  const known = code.startsWith('SQLITE_') ? CODES.find(([pattern]) => pattern.test(code)) : undefined;
  if (!known) return error;
  const [, as, what] = known;
  return Object.assign(new Error(`the database ${path} ${what}`, { cause: error }), { code: as, path });
}
