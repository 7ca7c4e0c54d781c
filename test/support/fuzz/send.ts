import http from 'node:http';
import type { ReceivedAnswer } from '../api-description.js';
import type { FuzzRequest, Part } from './requests.js';
import type { Resolve } from './world.js';

/** Over the wire as it is written: `fetch` would tidy paths, headers and methods that are meant to be odd. */

const BOUNDARY = 'fuzz';
/** A stream that goes on is not waited for: its beginning is what is looked at. */
const STREAM_MS = 100;
const ANSWER_MS = 30_000;

const encoded = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

/** Path and query, as they are sent. */
export function urlOf({ segments, query }: FuzzRequest, resolve: Resolve): string {
  const path = segments.map((segment) =>
    segment.startsWith('=') ? segment.slice(1) : encoded(resolve(segment)),
  );
  const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(resolve(value))}`);
  return `/${path.join('/')}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}

function formBytes(
  parts: readonly Part[],
  cut: number,
  resolve: Resolve,
  picture: (name: string) => Buffer,
): Buffer {
  const chunks = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${
        filename === null ? '' : `; filename="${filename}"\r\nContent-Type: image/jpeg`
      }\r\n\r\n`,
    ),
    content.startsWith('sample:') ? picture(content.slice('sample:'.length)) : Buffer.from(resolve(content)),
    Buffer.from('\r\n'),
  ]);
  const whole = Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  return whole.subarray(0, Math.max(0, whole.length - cut));
}

function bodyOf(
  { body }: FuzzRequest,
  resolve: Resolve,
  picture: (name: string) => Buffer,
): { readonly type: string; readonly bytes: Buffer } | null {
  switch (body.kind) {
    case 'none':
      return null;
    case 'json':
      return { type: 'application/json', bytes: Buffer.from(resolve(JSON.stringify(body.value))) };
    case 'text':
      return { type: 'application/json', bytes: Buffer.from(body.text) };
    case 'form':
      return {
        type: `multipart/form-data; boundary=${BOUNDARY}`,
        bytes: formBytes(body.parts, body.cut, resolve, picture),
      };
  }
}

/** Sends requests to one address, over few connections. */
export function makeSender(baseUrl: string) {
  const { hostname, port } = new URL(baseUrl);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

  /** @throws Error where there is no answer */
  function send(
    request: FuzzRequest,
    resolve: Resolve,
    picture: (name: string) => Buffer,
  ): Promise<ReceivedAnswer> {
    const body = bodyOf(request, resolve, picture);
    const { credential } = request;
    const authorization = credential.startsWith('=')
      ? resolve(credential.slice(1))
      : resolve(`Bearer {{credential:${credential}}}`);
    const headers: Record<string, string> = {
      ...(credential === 'none' ? {} : { Authorization: authorization }),
      ...(body ? { 'Content-Type': body.type } : {}),
      ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, resolve(value)])),
    };
    if (!('Transfer-Encoding' in headers)) headers['Content-Length'] = String(body?.bytes.length ?? 0);

    return new Promise((done, failed) => {
      const outgoing = http.request(
        { hostname, port, agent, method: request.method, path: urlOf(request, resolve), headers },
        (incoming) => {
          const chunks: Buffer[] = [];
          const answered = new Headers();
          for (const [name, value] of Object.entries(incoming.headers))
            answered.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
          const finish = () =>
            done({ status: incoming.statusCode ?? 0, headers: answered, bytes: Buffer.concat(chunks) });
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('end', finish);
          incoming.once('error', failed);
          if (answered.get('content-type')?.startsWith('text/event-stream') === true)
            setTimeout(() => {
              finish();
              outgoing.destroy();
            }, STREAM_MS);
        },
      );
      outgoing.setTimeout(ANSWER_MS, () => outgoing.destroy(new Error('no answer in time')));
      outgoing.once('error', failed);
      outgoing.end(body?.bytes);
    });
  }

  return { send, close: () => agent.destroy() };
}
