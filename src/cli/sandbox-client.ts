import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../config.js';

/** Calls the API of a sandbox with its platform's key. @throws an error with the problem's `code` */
export type CallSandbox = <Answer>(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: object,
) => Promise<Answer>;

/** @throws ConfigError where no sandbox has run in that data dir */
export async function openSandbox(dataDir: string): Promise<CallSandbox> {
  let sandbox: { readonly base_url: string; readonly api_key: string };
  try {
    sandbox = JSON.parse(await readFile(path.join(dataDir, 'sandbox.json'), 'utf8')) as typeof sandbox;
  } catch {
    throw new ConfigError('--data-dir', 'invalid');
  }
  return async <Answer>(method: string, url: string, body?: object) => {
    const response = await fetch(sandbox.base_url + url, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.api_key}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (response.ok) return answer as Answer;
    const { code } = answer as { readonly code: string };
    throw Object.assign(new Error(code), { code });
  };
}
