import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startSwift, type SwiftServer } from '../../scripts/lib/swift.mjs';

export type { SwiftServer };

/** A real S3 server for a test file. Its packages are fetched by the set-up (`npm test`), else now. */
export const startTestSwift = (): Promise<SwiftServer> =>
  startSwift({ cacheDir: path.resolve(import.meta.dirname, '../../.cache') });

/** A plain client for what a store under test does not do itself. */
export function clientFor(server: Omit<SwiftServer, 'stop'>): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const config: S3ClientConfig = {
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  };
  return new S3Client(config);
}

export async function makeBucket(
  server: Omit<SwiftServer, 'stop'>,
  bucket: string,
  { versioned }: { readonly versioned: boolean },
): Promise<void> {
  const client = clientFor(server);
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    if (!versioned) return;
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
  } finally {
    client.destroy();
  }
}

/** Stands before the server and answers version listings as a server without versions does; all else goes through. */
export async function withoutVersionListings(
  server: SwiftServer,
): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const target = new URL(server.endpoint);
  const proxy = createServer((incoming, outgoing) => {
    if (/[?&]versions\b/.test(incoming.url ?? '')) {
      incoming.resume();
      outgoing.writeHead(501, { 'content-type': 'application/xml' });
      outgoing.end('<Error><Code>NotImplemented</Code><Message>No versions here</Message></Error>');
      return;
    }
    // The host header is signed, so it goes on as it came.
    const forward = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        // A connection a request: one kept open may be closed by the server just as it is used again.
        agent: false,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    // Swift sends the text of an error even to HEAD, which is no HTTP any more: what counts has arrived by then.
    forward.on('error', () => {
      if (!outgoing.headersSent) outgoing.destroy();
    });
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    stop: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}
