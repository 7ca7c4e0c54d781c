import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

/** The folder of a server's socket: in the data dir, or elsewhere where its path would be too long. */
function socketDir(home: string): string {
  const memo = path.join(home, 'socket-dir');
  return existsSync(memo) ? readFileSync(memo, 'utf8').trim() : path.join(home, 'run');
}

interface Passwords {
  readonly superuser: string;
  readonly role: string;
}
const passwords = (home: string) =>
  JSON.parse(readFileSync(path.join(home, 'passwords.json'), 'utf8')) as Passwords;

/** What an operator's command needs to reach the sandbox's database. */
export function operatorEnvironment(dataDir: string): Readonly<Record<string, string>> {
  const home = path.join(dataDir, 'postgres');
  const host = encodeURIComponent(socketDir(home));
  return {
    DATABASE_URL: `postgresql://lethe:${passwords(home).role}@localhost:5432/lethe?host=${host}`,
    REDIS_URL: 'redis://unused',
    BLOB_DIR: path.join(dataDir, 'blobs'),
    KEY_DIR: path.join(dataDir, 'keys'),
  };
}

/** A look into the sandbox's own database, as an attacker with its files would have. */
export async function openDatabase(dataDir: string): Promise<pg.Client> {
  const home = path.join(dataDir, 'postgres');
  const { superuser } = passwords(home);
  const client = new pg.Client({
    host: socketDir(home),
    port: 5432,
    user: 'postgres',
    password: superuser,
    database: 'lethe',
  });
  // A test may end the server under it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export const openRedis = (dataDir: string): Redis =>
  new Redis(path.join(socketDir(path.join(dataDir, 'redis')), 'redis.sock'), { maxRetriesPerRequest: 1 });
