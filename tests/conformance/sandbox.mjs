// Shared by the Node scripts: the sandbox's addresses, its control API, the link pages, and one line per check.
import assert from 'node:assert/strict';

/** The sandbox's ready line, from the first argument or the environment. */
export const ready = JSON.parse(process.argv[2] ?? process.env.SANDBOX_READY ?? 'null');
if (ready === null) {
  console.error('pass the ready line of the sandbox as an argument or in SANDBOX_READY');
  process.exit(2);
}

/** Calls the control API; without a body the method is GET. */
export async function control(path, body, method = body === undefined ? 'GET' : 'POST') {
  const response = await fetch(ready.control + path, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `control refused ${method} ${path}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Sets the state of a Conductor end user. */
export const setState = (endUserId, state, more = {}) => control(`/end-users/${endUserId}`, { state, ...more });

/** Plans one fault; by default at Conductor and for one request. */
export const fault = (kind, more = {}) => control('/faults', { target: 'conductor', kind, times: 1, ...more });

/** The number of requests for a path at Conductor or another target. */
export async function requestCount(path, target = 'conductor') {
  const { requests } = await control('/requests');
  const counts = requests.filter((it) => it.target === target && it.path === path);
  return counts.reduce((sum, it) => sum + it.count, 0);
}

/** Opens the link page as a browser would. */
export async function open(authFlowUrl) {
  const page = await fetch(authFlowUrl);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /id="finish"/);
}

/** Presses a button of a page and returns the redirect's target. */
async function press(url) {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual' });
  return answer.headers.get('location');
}

/** Presses Finish on Conductor's page. */
export const finish = (authFlowUrl) => press(authFlowUrl.replace('?', '/finish?'));

/** Presses a button on Codat's page. */
export const pressButton = (linkUrl, button) => press(linkUrl.replace('/start?', `/${button}?`));

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

/** Ends the script; every script calls it last. */
export const exit = () => process.exit(failures === 0 ? 0 : 1);

/** Returns the error of `call`. Fails if it throws nothing. */
export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

/** Every state in which Conductor answers an error, with status, type, code and integration code. */
export const STATES = [
  ['not_set_up', 409, 'INTEGRATION_CONNECTION_ERROR', 'INTEGRATION_CONNECTION_NOT_SET_UP', undefined],
  ['inactive', 409, 'INTEGRATION_CONNECTION_ERROR', 'INTEGRATION_CONNECTION_NOT_ACTIVE', undefined],
  ['broken', 502, 'INTEGRATION_CONNECTION_ERROR', 'QBD_CONNECTION_ERROR', '0x80040420'],
  ['timeout', 504, 'INTEGRATION_CONNECTION_ERROR', 'QBD_REQUEST_TIMEOUT', undefined],
  ['request_refused', 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', '3200'],
];
