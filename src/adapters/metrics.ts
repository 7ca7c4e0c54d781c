import http from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TaskKind } from '../domain/tasks.js';

/** What Prometheus scrapes. Labels are routes, kinds and codes: never an id. */
export function makeMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'lethe_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'lethe_http_request_seconds',
    help: 'Time to answer.',
    labelNames: ['route'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const tasks = new Counter({
    name: 'lethe_tasks_total',
    help: 'Runs of queued tasks.',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  });
  const taskSeconds = new Histogram({
    name: 'lethe_task_seconds',
    help: 'Time of a run.',
    labelNames: ['kind'] as const,
    buckets: [0.01, 0.05, 0.2, 0.5, 1, 5, 30],
    registers,
  });
  const webhooks = new Counter({
    name: 'lethe_webhooks_total',
    help: 'Tries to deliver an event, and deliveries that were parked.',
    labelNames: ['outcome'] as const,
    registers,
  });

  return {
    request(method: string, route: string, status: number, ms: number): void {
      requests.inc({ method, route, status });
      requestSeconds.observe({ route }, ms / 1000);
    },
    task(kind: TaskKind, outcome: 'done' | 'retried' | 'dead', ms: number): void {
      tasks.inc({ kind, outcome });
      taskSeconds.observe({ kind }, ms / 1000);
    },
    /** One try, and how many deliveries it has parked. */
    webhook({ outcome, parked }: { readonly outcome: string; readonly parked: number }): void {
      webhooks.inc({ outcome });
      webhooks.inc({ outcome: 'parked' }, parked);
    },
    /** A number that is read when scraped; where it cannot be read, the last one stands. */
    gauge(name: string, help: string, read: () => number | Promise<number>): void {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          try {
            this.set(await read());
          } catch {
            return;
          }
        },
      });
    },
    /** Numbers by a label, asked for when scraped; where they cannot be had, the last ones stand. */
    gauges(
      name: string,
      help: string,
      label: string,
      read: () => Promise<Readonly<Record<string, number>>>,
    ): void {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          const values = await read().catch(() => ({}));
          for (const [value, count] of Object.entries(values)) this.set({ [label]: value }, count);
        },
      });
    },
    /** Serves `/metrics` on its own port, which is not for the public. Resolves with the port and a way to stop. */
    listen(host: string, port: number): Promise<{ port: number; stop: () => Promise<void> }> {
      const server = http.createServer((req, res) => {
        if (req.method !== 'GET' || req.url !== '/metrics') {
          res.writeHead(404).end();
          return;
        }
        registry.metrics().then(
          (text) => res.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
          () => res.writeHead(500).end(),
        );
      });
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          const address = server.address();
          resolve({
            port: typeof address === 'object' && address ? address.port : port,
            stop: () =>
              new Promise((stopped) => {
                server.close(() => stopped());
                server.closeAllConnections();
              }),
          });
        });
      });
    },
  };
}
