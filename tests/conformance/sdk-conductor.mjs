// The auth flow with Conductor's current client (conductor-node 12). The client validates nothing at run time, so the
// fields are asserted here. The older client (11) follows in sdk-conductor-11.mjs.
import assert from 'node:assert/strict';
import Conductor from 'conductor-node';
import { STATES, check, control, errorOf, exit, fault, finish, open, ready, requestCount, setState } from './sandbox.mjs';
import { oldClient } from './sdk-conductor-11.mjs';

const options = { apiKey: ready.conductor_secret_key, baseURL: `${ready.conductor}/v1`, maxRetries: 0, timeout: 5000 };
const conductor = new Conductor(options);
const healthCheck = (id) => conductor.qbd.healthCheck({ conductorEndUserId: id });
const HEALTH = '/v1/quickbooks-desktop/health-check';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Asserts that the error has the class of its status and the documented body. */
function assertError(error, name, status, type, code, integrationCode) {
  assert.equal(error.constructor, Conductor[name], `${error.constructor.name} instead of ${name}`);
  assert.equal(error.status, status);
  const body = error.error.error;
  assert.deepEqual([body.type, body.code, body.integrationCode], [type, code, integrationCode]);
  assert.equal(body.httpStatusCode, status);
  assert.equal(body.requestId, error.headers['conductor-request-id']);
  for (const field of ['message', 'userFacingMessage']) assert.equal(typeof body[field], 'string', field);
}

const CLASS = { 400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError',
  409: 'ConflictError', 422: 'UnprocessableEntityError', 429: 'RateLimitError', 500: 'InternalServerError',
  502: 'InternalServerError', 503: 'InternalServerError', 504: 'InternalServerError' };

const BODY = { CustomerQueryRq: { MaxReturned: 1 } };
const passthrough = (id) => conductor.endUsers.passthrough(id, 'quickbooks_desktop', BODY);
const company = (id) => conductor.qbd.company.retrieve({ conductorEndUserId: id });

/** The documented calls that reach QuickBooks, then the others with an end user. */
const REACHING = { 'qbd.healthCheck': healthCheck, 'qbd.company.retrieve': company, 'endUsers.passthrough': passthrough };
const PASSIVE = {
  'endUsers.retrieve': (id) => conductor.endUsers.retrieve(id),
  'endUsers.delete': (id) => conductor.endUsers.delete(id),
  'authSessions.create': (id) => conductor.authSessions.create(
    { publishableKey: ready.conductor_publishable_key, endUserId: id }),
};
const UNADDRESSED = {
  'endUsers.list': () => conductor.endUsers.list(),
  'endUsers.create': () => conductor.endUsers.create({ companyName: 'A', sourceId: 'never', email: 'a@b.example' }),
};

let user, session;

await check('node 12: creates an end user', async () => {
  const input = { companyName: 'Acme Inc.', sourceId: 'node-12', email: 'bob@acme.example' };
  user = await conductor.endUsers.create(input);
  assert.deepEqual(Object.keys(user).sort(),
    ['companyName', 'createdAt', 'email', 'id', 'integrationConnections', 'objectType', 'sourceId']);
  assert.deepEqual({ companyName: user.companyName, sourceId: user.sourceId, email: user.email }, input);
  assert.match(user.id, /^end_usr_/);
  assert.match(user.createdAt, ISO);
  assert.deepEqual([user.objectType, user.integrationConnections], ['end_user', []]);
});

await check('node 12: "not set up" leads to an auth session', async () => {
  const error = await errorOf(() => healthCheck(user.id));
  assert.equal(error.error.error.code, 'INTEGRATION_CONNECTION_NOT_SET_UP');
  session = await conductor.authSessions.create({ publishableKey: ready.conductor_publishable_key, endUserId: user.id,
    linkExpiryMins: 60 * 24, redirectUrl: 'https://app.example/done?state=abc' });
  assert.deepEqual(Object.keys(session).sort(), ['authFlowUrl', 'clientSecret', 'createdAt', 'endUserId', 'expiresAt',
    'id', 'objectType', 'redirectUrl']);
  assert.match(session.id, /^auth_sess_/);
  assert.equal(Date.parse(session.expiresAt) - Date.parse(session.createdAt), 24 * 60 * 60 * 1000);
  assert.equal(session.authFlowUrl,
    `${ready.connect}/qbd/${session.clientSecret}?key=${ready.conductor_publishable_key}`);
  assert.equal(session.redirectUrl, 'https://app.example/done?state=abc');
});

await check('node 12: by default a link lives 30 minutes and has no redirect', async () => {
  const plain = await conductor.authSessions.create({ publishableKey: ready.conductor_publishable_key, endUserId: user.id });
  assert.equal(Date.parse(plain.expiresAt) - Date.parse(plain.createdAt), 30 * 60 * 1000);
  assert.equal(plain.redirectUrl, null);
});

await check('node 12: after a link is opened, a connection exists but is not set up', async () => {
  await open(session.authFlowUrl);
  const [connection] = (await conductor.endUsers.retrieve(user.id)).integrationConnections;
  assert.deepEqual(Object.keys(connection).sort(), ['createdAt', 'id', 'integrationSlug', 'lastRequestAt',
    'lastSuccessfulRequestAt', 'objectType']);
  assert.deepEqual([connection.lastRequestAt, connection.lastSuccessfulRequestAt], [null, null]);
  assertError(await errorOf(() => healthCheck(user.id)), 'ConflictError', ...STATES[0].slice(1));
});

await check('node 12: a finished link results in a working connection', async () => {
  assert.equal(await finish(session.authFlowUrl), 'https://app.example/done?state=abc');
  const { data: health, response } = await conductor.qbd.healthCheck({ conductorEndUserId: user.id }).withResponse();
  assert.deepEqual([typeof health.duration, health.status], ['number', 'ok']);
  assert.match(response.headers.get('conductor-request-id'), /^req_/);
  const [connection] = (await conductor.endUsers.retrieve(user.id)).integrationConnections;
  assert.match(connection.lastSuccessfulRequestAt, ISO);
});

await check('node 12: list and retrieve agree', async () => {
  const list = await conductor.endUsers.list();
  assert.deepEqual([list.objectType, list.url], ['list', '/v1/end-users']);
  assert.deepEqual(list.data.find((it) => it.id === user.id), await conductor.endUsers.retrieve(user.id));
});

await check('node 12: passthrough', async () => {
  const answer = await passthrough(user.id);
  assert.equal(answer.CustomerQueryRs.CustomerRet[0].Name, 'Sandbox Customer');
});

await check('node 12: retrieves the connected company', async () => {
  assert.equal((await company(user.id)).companyName, 'Acme Inc.');
});

for (const [state, status, ...words] of STATES) {
  await check(`node 12: ${state}, for every call that reaches QuickBooks`, async () => {
    await setState(user.id, state);
    for (const call of Object.values(REACHING)) {
      assertError(await errorOf(() => call(user.id)), CLASS[status], status, ...words);
    }
  });
}

for (const [name, call] of Object.entries({ ...REACHING, ...PASSIVE, ...UNADDRESSED })) {
  await check(`node 12: ${name}: maps each status to its class`, async () => {
    for (const [status, kind] of Object.entries(CLASS)) {
      await fault('status', { status: Number(status) });
      const error = await errorOf(() => call(user.id));
      assert.equal(error.constructor, Conductor[kind], status);
      assert.equal(error.error.error.httpStatusCode, Number(status));
      assert.equal(error.error.error.requestId, error.headers['conductor-request-id']);
    }
    await fault('html', { status: 502 });
    assert.equal((await errorOf(() => call(user.id))).constructor, Conductor.InternalServerError);
    await fault('reset');
    assert.equal((await errorOf(() => call(user.id))).constructor, Conductor.APIConnectionError);
  });
}

for (const [name, call] of Object.entries({ ...REACHING, ...PASSIVE })) {
  await check(`node 12: ${name}: rejects an unknown end user`, async () => {
    const error = await errorOf(() => call('end_usr_unknown'));
    assertError(error, 'NotFoundError', 404, 'INVALID_REQUEST_ERROR', 'RESOURCE_MISSING', undefined);
  });
}

await check('node 12: rejects invalid requests', async () => {
  const create = (more) => () => conductor.authSessions.create(
    { publishableKey: ready.conductor_publishable_key, endUserId: user.id, ...more });
  for (const more of [{ linkExpiryMins: 14 }, { linkExpiryMins: 10081 }, { redirectUrl: 'nowhere' }, { extra: 1 },
    { publishableKey: 'pk_other' }, { endUserId: undefined }]) {
    const error = await errorOf(create(more));
    assertError(error, 'BadRequestError', 400, 'INVALID_REQUEST_ERROR', 'SANDBOX_INVALID_REQUEST', undefined);
    assert.match(error.error.error.message, /^sandbox: /);
  }
  const duplicate = { companyName: 'A', sourceId: 'node-12', email: 'a@b.example' };
  assert.ok(await errorOf(() => conductor.endUsers.create(duplicate)) instanceof Conductor.BadRequestError);
});

await check('node 12: rejects a wrong key', async () => {
  const stranger = new Conductor({ ...options, apiKey: 'sk_conductor_wrong' });
  const error = await errorOf(() => stranger.endUsers.list());
  assertError(error, 'AuthenticationError', 401, 'AUTHENTICATION_ERROR', 'API_KEY_INVALID', undefined);
});

await check('node 12: a late answer is a timeout', async () => {
  await fault('latency', { ms: 2000 });
  const error = await errorOf(() => conductor.endUsers.list({ timeout: 100 }));
  assert.equal(error.constructor, Conductor.APIConnectionTimeoutError);
});

await check('node 12: with default retries the client sends three requests when not set up', async () => {
  await setState(user.id, 'not_set_up');
  const retrying = new Conductor({ ...options, maxRetries: undefined });
  const before = await requestCount(HEALTH);
  const error = await errorOf(() => retrying.qbd.healthCheck({ conductorEndUserId: user.id }));
  assertError(error, 'ConflictError', ...STATES[0].slice(1));
  assert.equal((await requestCount(HEALTH)) - before, 3);
});

await check('node 12: deletes an end user', async () => {
  assert.deepEqual(await conductor.endUsers.delete(user.id), { id: user.id, objectType: 'end_user', deleted: true });
  const error = await errorOf(() => conductor.endUsers.retrieve(user.id));
  assertError(error, 'NotFoundError', 404, 'INVALID_REQUEST_ERROR', 'RESOURCE_MISSING', undefined);
});

await check('node 12: passive reads never reach QuickBooks', async () => {
  const { id } = await conductor.endUsers.create({ companyName: 'Idle', sourceId: 'idle', email: 'a@b.example' });
  await setState(id, 'working');
  for (let round = 0; round < 5; round += 1) await conductor.endUsers.retrieve(id);
  const seen = (await control('/state')).end_users.find((it) => it.id === id);
  assert.deepEqual([seen.health_checks, seen.other_requests], [0, 0]);
});

await oldClient();
exit();
