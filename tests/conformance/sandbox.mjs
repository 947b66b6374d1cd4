// What the Node scripts share: the sandbox's addresses, its control API, the link pages, and one line per check.
import assert from 'node:assert/strict';

/** The line which the sandbox prints when it is ready, as argument or in the environment. */
export const ready = JSON.parse(process.argv[2] ?? process.env.SANDBOX_READY ?? 'null');
if (ready === null) {
  console.error('give the ready line of the sandbox as argument or in SANDBOX_READY');
  process.exit(2);
}

/** Calls the control API; `undefined` as body is a GET. */
export async function control(path, body, method = body === undefined ? 'GET' : 'POST') {
  const response = await fetch(ready.control + path, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `control refused ${method} ${path}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

export const become = (endUserId, state, more = {}) => control(`/end-users/${endUserId}`, { state, ...more });

/** Plans one fault, at Conductor and for one request unless said otherwise. */
export const fault = (kind, more = {}) => control('/faults', { target: 'conductor', kind, times: 1, ...more });

/** How often Conductor, or another side, was asked for a path. */
export async function asked(path, target = 'conductor') {
  const { requests } = await control('/requests');
  const found = requests.filter((it) => it.target === target && it.path === path);
  return found.reduce((sum, it) => sum + it.count, 0);
}

/** Opens the link page as a browser would. */
export async function open(authFlowUrl) {
  const page = await fetch(authFlowUrl);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /id="finish"/);
}

/** Presses a button of a page; where the browser is sent. */
async function press(url) {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual' });
  return answer.headers.get('location');
}

/** Presses Finish on Conductor's page. */
export const finish = (authFlowUrl) => press(authFlowUrl.replace('?', '/finish?'));

/** Presses a button on Codat's page. */
export const leave = (linkUrl, button) => press(linkUrl.replace('/start?', `/${button}?`));

let failures = 0;

/** Runs one check and prints one line. */
export async function check(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED ${name}: ${String(error?.stack ?? error).replaceAll('\n', ' | ')}`);
  }
}

/** The last word of every script. */
export const done = () => process.exit(failures === 0 ? 0 : 1);

/** What `call` throws; that it throws nothing is a failure. */
export async function thrown(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

/** Every state which Conductor can answer for, with status, type, code and integration code. */
export const STATES = [
  ['not_set_up', 409, 'INTEGRATION_CONNECTION_ERROR', 'INTEGRATION_CONNECTION_NOT_SET_UP', undefined],
  ['inactive', 409, 'INTEGRATION_CONNECTION_ERROR', 'INTEGRATION_CONNECTION_NOT_ACTIVE', undefined],
  ['broken', 502, 'INTEGRATION_CONNECTION_ERROR', 'QBD_CONNECTION_ERROR', '0x80040420'],
  ['timeout', 504, 'INTEGRATION_CONNECTION_ERROR', 'QBD_REQUEST_TIMEOUT', undefined],
  ['request_refused', 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', '3200'],
];
