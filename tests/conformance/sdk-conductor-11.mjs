// The same flow with the older, hand-written client (conductor-node 11).
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { STATES, check, control, errorOf, fault, finish, open, ready, setState } from './sandbox.mjs';

// The client reads both when it is created. Without the second it looks for updates at a package registry.
process.env.CONDUCTOR_MOCK_API_SERVER_URL = ready.conductor;
process.env.CONDUCTOR_HIDE_UPDATE_MESSAGE = '1';

const sdk = createRequire(import.meta.url)('conductor-node-v11');

const CLASS = {
  INTEGRATION_ERROR: sdk.ConductorIntegrationError,
  INTEGRATION_CONNECTION_ERROR: sdk.ConductorIntegrationConnectionError,
};

const KINDS = { 400: sdk.ConductorInvalidRequestError, 401: sdk.ConductorAuthenticationError,
  403: sdk.ConductorPermissionError, 404: sdk.ConductorInvalidRequestError, 500: sdk.ConductorInternalError,
  503: sdk.ConductorInternalError };

function assertError(error, wanted, status, code, integrationCode) {
  assert.equal(error.constructor, wanted, `${error.constructor.name} instead of ${wanted.name}`);
  assert.deepEqual([error.httpStatusCode, error.code, error.integrationCode], [status, code, integrationCode]);
  assert.match(error.requestId, /^req_/);
  assert.equal(typeof error.userFacingMessage, 'string');
}

export async function oldClient() {
  const conductor = new sdk.default(ready.conductor_secret_key);
  const ping = (id) => conductor.endUsers.ping(id, 'quickbooks_desktop');
  let user, session;

  await check('node 11: create an end user, list and retrieve', async () => {
    user = await conductor.endUsers.create({ companyName: 'Acme', sourceId: 'node-11', email: 'a@b.example' });
    assert.deepEqual(await conductor.endUsers.retrieve(user.id), user);
    assert.ok((await conductor.endUsers.list()).data.some((it) => it.id === user.id));
  });

  await check('node 11: "not set up" on a ping leads to an auth session', async () => {
    const error = await errorOf(() => ping(user.id));
    assert.ok(error instanceof sdk.ConductorIntegrationConnectionError);
    assert.equal(error.code, 'INTEGRATION_CONNECTION_NOT_SET_UP');
    const input = { publishableKey: ready.conductor_publishable_key, endUserId: user.id, linkExpiryMins: 60 * 24 };
    session = await conductor.authSessions.create(input);
    assert.deepEqual(await conductor.authSessions.retrieve(session.id), session);
    assert.equal(session.redirectUrl, null);
  });

  await check('node 11: a finished link, and the connection on its own endpoint', async () => {
    await open(session.authFlowUrl);
    assert.equal((await errorOf(() => ping(user.id))).code, 'INTEGRATION_CONNECTION_NOT_SET_UP');
    assert.equal(await finish(session.authFlowUrl), null);
    assert.deepEqual(await ping(user.id), { duration: 100 });
    const { data } = await conductor.integrationConnections.list();
    const connection = data.find((it) => it.endUserId === user.id);
    assert.equal(connection.integrationSlug, 'quickbooks_desktop');
    assert.deepEqual(await conductor.integrationConnections.retrieve(connection.id), connection);
  });

  await check('node 11: a QuickBooks request', async () => {
    const customers = await conductor.qbd.customer.query(user.id, { MaxReturned: 1 });
    assert.equal(customers[0].FullName, 'Sandbox Customer');
  });

  const query = (id) => conductor.qbd.customer.query(id, { MaxReturned: 1 });
  for (const [state, status, type, code, integrationCode] of STATES) {
    await check(`node 11: ${state}, for every call that reaches QuickBooks`, async () => {
      await setState(user.id, state);
      for (const call of [ping, query]) {
        assertError(await errorOf(() => call(user.id)), CLASS[type], status, code, integrationCode);
      }
    });
  }

  const link = (id) => conductor.authSessions.create({ publishableKey: ready.conductor_publishable_key, endUserId: id });
  const withEndUser = {
    'endUsers.retrieve': (id) => conductor.endUsers.retrieve(id),
    'endUsers.ping': ping,
    'authSessions.create': link,
    'qbd.customer.query': query,
  };
  const withoutEndUser = {
    'endUsers.list': () => conductor.endUsers.list(),
    'endUsers.create': () => conductor.endUsers.create({ companyName: 'A', sourceId: 'never', email: 'a@b.example' }),
    'authSessions.retrieve': () => conductor.authSessions.retrieve('auth_sess_unknown'),
    'integrationConnections.list': () => conductor.integrationConnections.list(),
    'integrationConnections.retrieve': () => conductor.integrationConnections.retrieve('int_conn_unknown'),
  };
  const withId = { ...withEndUser, 'authSessions.retrieve': withoutEndUser['authSessions.retrieve'],
    'integrationConnections.retrieve': withoutEndUser['integrationConnections.retrieve'] };

  for (const [name, call] of Object.entries({ ...withEndUser, ...withoutEndUser })) {
    await check(`node 11: ${name}: maps each error type to its class`, async () => {
      for (const [status, kind] of Object.entries(KINDS)) {
        await fault('status', { status: Number(status) });
        const error = await errorOf(() => call(user.id));
        assert.deepEqual([error.constructor, error.httpStatusCode], [kind, Number(status)]);
      }
      await fault('html', { status: 502 });
      assert.equal((await errorOf(() => call(user.id))).code, 'INVALID_JSON_RESPONSE');
      await fault('reset');
      assert.equal((await errorOf(() => call(user.id))).constructor, sdk.ConductorConnectionError);
    });
  }

  for (const [name, call] of Object.entries(withId)) {
    await check(`node 11: ${name}: rejects an unknown id`, async () => {
      const error = await errorOf(() => call('end_usr_unknown'));
      assertError(error, sdk.ConductorInvalidRequestError, 404, 'RESOURCE_MISSING', undefined);
    });
  }

  await check('node 11: rejects a link lifetime out of range', async () => {
    for (const linkExpiryMins of [14, 10081]) {
      const input = { publishableKey: ready.conductor_publishable_key, endUserId: user.id, linkExpiryMins };
      const error = await errorOf(() => conductor.authSessions.create(input));
      assertError(error, sdk.ConductorInvalidRequestError, 400, 'SANDBOX_INVALID_REQUEST', undefined);
    }
  });

  await check('node 11: a wrong key, and an error type that the client does not know', async () => {
    const stranger = new sdk.default('sk_conductor_wrong');
    const refused = await errorOf(() => stranger.endUsers.list());
    assertError(refused, sdk.ConductorAuthenticationError, 401, 'API_KEY_INVALID', undefined);
    const body = { error: { message: 'm', userFacingMessage: 'u', type: 'NEW_KIND_ERROR', code: 'NEW', httpStatusCode: 418,
      requestId: 'req_new' } };
    await fault('status', { status: 418, body });
    assert.equal((await errorOf(withoutEndUser['endUsers.list'])).constructor, sdk.ConductorUnknownError);
  });

  await check('node 11: the older dialect', async () => {
    await control('/backend', { legacy: true });
    await setState(user.id, 'working');
    assert.deepEqual(await ping(user.id), { duration: '111' });
    const legacy = await conductor.authSessions.create(
      { publishableKey: ready.conductor_publishable_key, endUserId: user.id });
    assert.match(legacy.id, /^int_conn_auth_sess_/);
    assert.match(legacy.expiresAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00$/);
    await control('/backend', { legacy: false });
  });
}
