import { sourceUrl, startChild } from '../support/child.js';

/** The lines that a process prints which logs like this. */
async function logged(calls: string): Promise<readonly Record<string, unknown>[]> {
  const output = await startChild(`
    const { makeLogger } = await import(${JSON.stringify(sourceUrl('adapters/pino-logger.ts'))});
    const log = makeLogger('test');
    ${calls}`).output;
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the application log', () => {
  it('writes a line of JSON with event, service, level and time, and all fields that are allowed', async () => {
    const [line] = await logged(`log.warn('task_failed', {
      request_id: 'req-1', verification_id: 'ver_1', task_id: 'tsk_1', kind: 'read_document', code: 'engine_failed',
      status: 503, route: '/v1/verifications/{id}', ms: 12.5, count: 3, pid: 42, port: 8080 });`);
    const { time, ...rest } = line ?? {};
    expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(rest).toEqual({
      level: 40,
      service: 'test',
      event: 'task_failed',
      request_id: 'req-1',
      verification_id: 'ver_1',
      task_id: 'tsk_1',
      kind: 'read_document',
      code: 'engine_failed',
      status: 503,
      route: '/v1/verifications/{id}',
      ms: 12.5,
      count: 3,
      pid: 42,
      port: 8080,
    });
  });

  it('drops every field that is not listed, however it was passed', async () => {
    const lines = await logged(`
      log.error('event', { full_name: 'Anna', path: '/somewhere/x', err: new Error('Anna'), service: 'other', code: 'kept' });
      log.info('event', JSON.parse('{"__proto__": {"code": "inherited"}, "level": 1, "kind": "kept"}'));`);
    expect(lines.map(({ time: _, ...rest }) => rest)).toEqual([
      { level: 50, service: 'test', event: 'event', code: 'kept' },
      { level: 30, service: 'test', event: 'event', kind: 'kept' },
    ]);
  });

  it('drops a value that is no code and no number', async () => {
    const lines = await logged(`
      for (const value of ['Anna Svensson', 'anna@example.org', 'ÅSA', 'a\\nb', 'x'.repeat(129), '1990-02-28?x=1',
                           { toString: () => 'x' }, ['x'], true, null, undefined, 10n, Symbol('x')])
        log.info('event', { code: value, route: value });`);
    expect(lines).toHaveLength(13);
    for (const { time: _, ...rest } of lines)
      expect(rest).toEqual({ level: 30, service: 'test', event: 'event' });
  });

  it('names neither host nor process of its own accord', async () => {
    const [line] = await logged(`log.info('event');`);
    expect(Object.keys(line ?? {}).sort()).toEqual(['event', 'level', 'service', 'time']);
  });
});
