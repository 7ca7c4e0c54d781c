import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

/** The folder of a server's socket: in the data dir, or elsewhere where its path would be too long. */
function socketDir(home: string): string {
  const memo = path.join(home, 'socket-dir');
  return existsSync(memo) ? readFileSync(memo, 'utf8').trim() : path.join(home, 'run');
}

/** A look into the sandbox's own database, as an attacker with its files would have. */
export async function openDatabase(dataDir: string): Promise<pg.Client> {
  const home = path.join(dataDir, 'postgres');
  const { superuser } = JSON.parse(readFileSync(path.join(home, 'passwords.json'), 'utf8')) as {
    superuser: string;
  };
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
