/**
 * As much of curl as docs/integrate.md uses, for machines that have none: `--header`, `--data`, `--data-urlencode`, `--get`, `--request`,
 * `--fail-with-body`; `--silent` and `--show-error` are how it is anyway.
 */
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean' },
    'show-error': { type: 'boolean' },
    'fail-with-body': { type: 'boolean' },
    get: { type: 'boolean' },
    header: { type: 'string', multiple: true, default: [] },
    data: { type: 'string' },
    'data-urlencode': { type: 'string', multiple: true, default: [] },
    request: { type: 'string' },
  },
});
const url = new URL(positionals[0]);
for (const pair of values['data-urlencode']) {
  const [name, ...rest] = pair.split('=');
  url.searchParams.append(name, rest.join('='));
}
const headers = Object.fromEntries(
  values.header.map((line) => {
    const [name, ...rest] = line.split(': ');
    return [name, rest.join(': ')];
  }),
);
const method = values.request ?? (values.data === undefined || values.get ? 'GET' : 'POST');
const answer = await fetch(url, {
  method,
  headers,
  ...(values.data === undefined ? {} : { body: values.data }),
});
process.stdout.write(await answer.text());
if (!answer.ok && values['fail-with-body']) process.exitCode = 22;
