// The same flow in the words of the product brief, which quotes the older, hand-written client (conductor-node 11).
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { STATES, become, check, control, fault, finish, open, ready, thrown } from './sandbox.mjs';

// Read by the client when it is made. Without the second it asks a package registry for news.
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

  await check('node 11: the brief\'s branch: ping, and on "not set up" an auth session', async () => {
    const error = await thrown(() => ping(user.id));
    assert.ok(error instanceof sdk.ConductorIntegrationConnectionError);
    assert.equal(error.code, 'INTEGRATION_CONNECTION_NOT_SET_UP');
    const input = { publishableKey: ready.conductor_publishable_key, endUserId: user.id, linkExpiryMins: 60 * 24 };
    session = await conductor.authSessions.create(input);
    assert.deepEqual(await conductor.authSessions.retrieve(session.id), session);
    assert.equal(session.redirectUrl, null);
  });

  await check('node 11: the flow, and the connection on its own endpoint', async () => {
    await open(session.authFlowUrl);
    assert.equal((await thrown(() => ping(user.id))).code, 'INTEGRATION_CONNECTION_NOT_SET_UP');
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
    await check(`node 11: ${state}, whichever way QuickBooks is reached`, async () => {
      await become(user.id, state);
      for (const call of [ping, query]) {
        assertError(await thrown(() => call(user.id)), CLASS[type], status, code, integrationCode);
      }
    });
  }

  const link = (id) => conductor.authSessions.create({ publishableKey: ready.conductor_publishable_key, endUserId: id });
  const addressed = {
    'endUsers.retrieve': (id) => conductor.endUsers.retrieve(id),
    'endUsers.ping': ping,
    'authSessions.create': link,
    'qbd.customer.query': query,
  };
  const others = {
    'endUsers.list': () => conductor.endUsers.list(),
    'endUsers.create': () => conductor.endUsers.create({ companyName: 'A', sourceId: 'never', email: 'a@b.example' }),
    'authSessions.retrieve': () => conductor.authSessions.retrieve('auth_sess_unknown'),
    'integrationConnections.list': () => conductor.integrationConnections.list(),
    'integrationConnections.retrieve': () => conductor.integrationConnections.retrieve('int_conn_unknown'),
  };
  const unknown = { ...addressed, 'authSessions.retrieve': others['authSessions.retrieve'],
    'integrationConnections.retrieve': others['integrationConnections.retrieve'] };

  for (const [name, call] of Object.entries({ ...addressed, ...others })) {
    await check(`node 11: ${name}: each type of error in its own class`, async () => {
      for (const [status, kind] of Object.entries(KINDS)) {
        await fault('status', { status: Number(status) });
        const error = await thrown(() => call(user.id));
        assert.deepEqual([error.constructor, error.httpStatusCode], [kind, Number(status)]);
      }
      await fault('html', { status: 502 });
      assert.equal((await thrown(() => call(user.id))).code, 'INVALID_JSON_RESPONSE');
      await fault('reset');
      assert.equal((await thrown(() => call(user.id))).constructor, sdk.ConductorConnectionError);
    });
  }

  for (const [name, call] of Object.entries(unknown)) {
    await check(`node 11: ${name}: what it names is unknown`, async () => {
      const error = await thrown(() => call('end_usr_unknown'));
      assertError(error, sdk.ConductorInvalidRequestError, 404, 'RESOURCE_MISSING', undefined);
    });
  }

  await check('node 11: a link that lives too short or too long', async () => {
    for (const linkExpiryMins of [14, 10081]) {
      const input = { publishableKey: ready.conductor_publishable_key, endUserId: user.id, linkExpiryMins };
      const error = await thrown(() => conductor.authSessions.create(input));
      assertError(error, sdk.ConductorInvalidRequestError, 400, 'SANDBOX_INVALID_REQUEST', undefined);
    }
  });

  await check('node 11: a wrong key, and a type of error that the client does not know', async () => {
    const stranger = new sdk.default('sk_conductor_wrong');
    const refused = await thrown(() => stranger.endUsers.list());
    assertError(refused, sdk.ConductorAuthenticationError, 401, 'API_KEY_INVALID', undefined);
    const body = { error: { message: 'm', userFacingMessage: 'u', type: 'NEW_KIND_ERROR', code: 'NEW', httpStatusCode: 418,
      requestId: 'req_new' } };
    await fault('status', { status: 418, body });
    assert.equal((await thrown(others['endUsers.list'])).constructor, sdk.ConductorUnknownError);
  });

  await check('node 11: the older dialect', async () => {
    await control('/backend', { legacy: true });
    await become(user.id, 'working');
    assert.deepEqual(await ping(user.id), { duration: '111' });
    const old = await conductor.authSessions.create(
      { publishableKey: ready.conductor_publishable_key, endUserId: user.id });
    assert.match(old.id, /^int_conn_auth_sess_/);
    assert.match(old.expiresAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00$/);
    await control('/backend', { legacy: false });
  });
}
