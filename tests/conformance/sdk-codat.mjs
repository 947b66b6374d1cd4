// The calls of Codat's guide to a custom authorization journey, with Codat's own client. The client validates answers:
// a wrong status, an undocumented null or an unknown value is an error.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { check, control, errorOf, exit, fault, open, pressButton, ready, requestCount } from './sandbox.mjs';

const require = createRequire(import.meta.url);
const { CodatPlatform } = require('@codat/platform');
const errors = require('@codat/platform/sdk/models/errors');

const authHeader = (key) => `Basic ${Buffer.from(key).toString('base64')}`;
const client = (more = {}) => new CodatPlatform({ serverURL: ready.codat, authHeader: authHeader(ready.codat_api_key),
  retryConfig: { strategy: 'none' }, timeoutMs: 5000, ...more });
const codat = client();

const company = await codat.companies.create({ name: 'node sdk', tags: { uid: 'node' } });
const companyId = company.id;
const connection = await codat.connections.create({ companyId, requestBody: { platformKey: 'pqsw' } });
const connectionId = connection.id;
const both = { companyId, connectionId };
const reread = () => codat.connections.get(both);

const ANY = [401, 402, 403, 429, 500, 503];
const WITH_404 = [...ANY, 404];
const ALL = [...WITH_404, 400];
const UNDOCUMENTED = [409, 451, 502];

/** Every call with the error statuses that Codat documents for it. */
const CALLS = {
  'companies.create': [() => codat.companies.create({ name: 'once more' }), [...ANY, 400]],
  'companies.list': [() => codat.companies.list({}), ALL],
  'companies.get': [() => codat.companies.get({ companyId }), WITH_404],
  'companies.delete': [() => codat.companies.delete({ companyId }), WITH_404],
  'companies.getAccessToken': [() => codat.companies.getAccessToken({ companyId }), WITH_404],
  'connections.create': [() => codat.connections.create({ companyId, requestBody: { platformKey: 'pqsw' } }), WITH_404],
  'connections.list': [() => codat.connections.list({ companyId }), ALL],
  'connections.get': [reread, WITH_404],
  'connections.unlink': [() => codat.connections.unlink({ ...both, updateConnectionStatus: { status: 'Unlinked' } }), WITH_404],
  'connections.delete': [() => codat.connections.delete(both), WITH_404],
  'connectionManagement.get': [() => codat.connectionManagement.get({ companyId }), WITH_404],
  'integrations.list': [() => codat.integrations.list({}), [...ANY, 400]],
  'integrations.get': [() => codat.integrations.get({ platformKey: 'pqsw' }), WITH_404],
  'integrations.getBranding': [() => codat.integrations.getBranding({ platformKey: 'pqsw' }), WITH_404],
  'refreshData.get': [() => codat.refreshData.get({ companyId }), WITH_404],
  'refreshData.listPullOperations': [() => codat.refreshData.listPullOperations({ companyId }), ALL],
  'refreshData.all': [() => codat.refreshData.all({ companyId }), ALL],
  'refreshData.byDataType': [() => codat.refreshData.byDataType({ companyId, dataType: 'invoices' }), ALL],
  'settings.getProfile': [() => codat.settings.getProfile(), ANY],
  'settings.updateProfile': [() => codat.settings.updateProfile({ name: 'A', redirectUrl: '' }), ANY],
};

for (const [name, [call, documented]] of Object.entries(CALLS)) {
  await check(`codat node: ${name}: maps each documented error to its class`, async () => {
    for (const status of documented) {
      await fault('status', { target: 'codat', status });
      const error = await errorOf(call);
      assert.equal(error.constructor, errors.ErrorMessage, `${status}: ${error.constructor.name}`);
      assert.deepEqual([error.statusCode, error.data$.statusCode], [status, status]);
      assert.match(error.data$.correlationId, /^[0-9a-f-]{36}$/);
      assert.equal(typeof error.data$.canBeRetried, 'string');
    }
  });

  await check(`codat node: ${name}: maps any other error, and an answer that is not JSON`, async () => {
    for (const status of UNDOCUMENTED) {
      await fault('status', { target: 'codat', status });
      const error = await errorOf(call);
      assert.deepEqual([error.constructor, error.statusCode], [errors.SDKError, status]);
    }
    await fault('html', { target: 'codat', status: 503 });
    assert.equal((await errorOf(call)).constructor, errors.SDKError);
  });
}

await check('codat node: creates a company', async () => {
  assert.deepEqual([company.name, company.tags], ['node sdk', { uid: 'node' }]);
  assert.deepEqual([company.lastSync, company.dataConnections], [undefined, []]);
  assert.match(company.redirect, /\/company\//);
});

await check('codat node: lists and gets companies, by query and by tag', async () => {
  const { results, links, totalResults } = await codat.companies.list({ query: `id=${companyId}` });
  assert.deepEqual([results.map((it) => it.id), totalResults], [[companyId], 1]);
  assert.equal(links.self.href, '/companies');
  assert.equal((await codat.companies.list({ tags: 'uid=node' })).totalResults, 1);
  assert.equal((await codat.companies.list({ tags: 'uid=nobody' })).totalResults, 0);
  const found = await codat.companies.get({ companyId });
  assert.deepEqual(found.dataConnections.map((it) => it.id), [connectionId]);
});

await check('codat node: pages', async () => {
  await control('/codat/companies', { name: 'another' });
  const first = await codat.companies.list({ pageSize: 1 });
  assert.equal(first.results.length, 1);
  assert.match(first.links.next.href, /page=2/);
  const second = await codat.companies.list({ page: 2, pageSize: 1 });
  assert.notEqual(second.results[0].id, first.results[0].id);
  assert.match(second.links.previous.href, /page=1/);
});

await check('codat node: a new connection awaits authorization', async () => {
  assert.deepEqual([connection.status, connection.integrationKey, connection.sourceType, connection.platformName],
    ['PendingAuth', 'pqsw', 'Accounting', 'QuickBooks Desktop']);
  assert.deepEqual([connection.lastSync, connection.dataConnectionErrors], [undefined, undefined]);
  assert.ok(connection.linkUrl.startsWith(`${ready.connect}/companies/${companyId}/connections/${connectionId}/start?otp=`));
  const { results } = await codat.connections.list({ companyId });
  assert.deepEqual(results.map((it) => it.id), [connectionId]);
});

await check('codat node: lists integrations, filtered as in the guide', async () => {
  const { results } = await codat.integrations.list({ query: 'sourceType=Accounting&&enabled=true' });
  assert.ok(results.some((it) => it.key === 'pqsw' && it.isOfflineConnector));
  assert.ok(results.every((it) => it.sourceType === 'Accounting' && it.enabled));
  await control('/codat/settings', { queries: false });
  const all = (await codat.integrations.list({ query: 'sourceType=Accounting&&enabled=true' })).results;
  await control('/codat/settings', { queries: true });
  assert.ok(all.some((it) => !it.enabled) && all.some((it) => it.sourceType !== 'Accounting'));
  assert.deepEqual(await codat.integrations.get({ platformKey: 'pqsw' }), all.find((it) => it.key === 'pqsw'));
});

await check('codat node: branding has a button for each state', async () => {
  const { button, logo } = await codat.integrations.getBranding({ platformKey: 'pqsw' });
  assert.notEqual(button.default.image.src, button.hover.image.src);
  for (const { image } of [button.default, button.hover, logo.full, logo.square]) {
    const picture = await fetch(image.src);
    assert.equal(picture.status, 200);
    assert.match(picture.headers.get('content-type'), /^image\/(png|svg\+xml)$/);
    assert.ok(image.alt.length > 0);
  }
});

await check('codat node: the profile stores the redirect template', async () => {
  const profile = { name: 'Node', redirectUrl: 'https://app.example/done?code={statusCode}&why={errorMessage}&state={state}',
    whiteListUrls: [] };
  assert.deepEqual(await codat.settings.updateProfile(profile), profile);
  assert.deepEqual(await codat.settings.getProfile(), profile);
});

await check('codat node: a canceled link leaves an active error and can be repeated', async () => {
  const { linkUrl } = await reread();
  await open(linkUrl);
  assert.equal(await pressButton(`${linkUrl}&state=abc`, 'cancel'), 'https://app.example/done?code=403&why=User%20cancelled.&state=abc');
  const { status, dataConnectionErrors: [error] } = await reread();
  assert.deepEqual([status, error.statusCode, error.errorMessage, error.status],
    ['PendingAuth', '403', 'User cancelled', 'Active']);
});

await check('codat node: a finished link is linked, and its data is queued', async () => {
  const { linkUrl } = await reread();
  await open(linkUrl);
  assert.equal((await fetch(linkUrl)).status, 410, 'the link opened twice');
  assert.equal(await pressButton(linkUrl, 'finish'), 'https://app.example/done?code=200&why=&state=');
  const linked = await reread();
  assert.deepEqual([linked.status, linked.lastSync, linked.dataConnectionErrors[0].status], ['Linked', undefined, 'Resolved']);
  const { invoices } = await codat.refreshData.get({ companyId });
  assert.deepEqual([invoices.currentStatus, invoices.lastSuccessfulSync], ['Queued', undefined]);
});

const STATUSES = ['Initial', 'Queued', 'Fetching', 'MapQueued', 'Mapping', 'Complete', 'FetchError', 'MapError', 'InternalError',
  'ProcessingQueued', 'Processing', 'ProcessingError', 'ValidationQueued', 'Validating', 'ValidationError', 'AuthError',
  'Cancelled', 'NotSupported', 'RateLimitError', 'PermissionsError', 'PrerequisiteNotMet'];
await check('codat node: accepts every status of data and pulls', async () => {
  for (const status of STATUSES) {
    await control('/codat/pull', { company_id: companyId, data_type: 'bills', status });
    assert.equal((await codat.refreshData.get({ companyId })).bills.currentStatus, status);
    const { results: [pull] } = await codat.refreshData.listPullOperations({ companyId, pageSize: 1 });
    assert.deepEqual([pull.status, pull.dataType, pull.connectionId], [status, 'bills', connectionId]);
  }
  await control('/codat/data-status', { company_id: companyId, status: 'Complete' });
  assert.ok((await codat.refreshData.get({ companyId })).invoices.lastSuccessfulSync);
  assert.ok((await reread()).lastSync);
  assert.ok((await codat.companies.get({ companyId })).lastSync);
});

await check('codat node: requests a refresh', async () => {
  await codat.refreshData.all({ companyId });
  assert.equal((await codat.refreshData.get({ companyId })).items.currentStatus, 'Queued');
  const pull = await codat.refreshData.byDataType({ companyId, connectionId, dataType: 'invoices' });
  assert.deepEqual([pull.status, pull.isCompleted, pull.isErrored, pull.progress], ['Queued', false, false, 0]);
});

await check('codat node: accepts every status of connections', async () => {
  for (const status of ['PendingAuth', 'Unlinked', 'Deauthorized', 'Linked']) {
    await control(`/codat/connections/${connectionId}`, { status, connection_info: { note: 'x' } });
    assert.equal((await reread()).status, status);
  }
  const unlinked = await codat.connections.unlink({ ...both, updateConnectionStatus: { status: 'Unlinked' } });
  assert.equal(unlinked.status, 'Unlinked');
  assert.equal((await errorOf(CALLS['connections.unlink'][0])).constructor, errors.SDKError, '400 is not documented for it');
});

await check('codat node: gets an access token', async () => {
  const token = await codat.companies.getAccessToken({ companyId });
  assert.deepEqual([token.expiresIn, token.tokenType], [86400, 'Bearer']);
  const withdrawn = await errorOf(CALLS['connectionManagement.get'][0]);
  assert.deepEqual([withdrawn.constructor, withdrawn.statusCode, withdrawn.error], [errors.ErrorMessage, 404, 'NotFound']);
});

await check('codat node: reads the errors of the sandbox itself', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  const setLimits = (more) => control('/codat/settings', more);
  const cases = [
    [400, () => codat.companies.list({ query: 'nonsense' })],
    [401, () => client({ authHeader: authHeader('wrong') }).companies.list({})],
    [404, () => codat.companies.get({ companyId: nobody })],
    [404, () => codat.connections.get({ companyId, connectionId: nobody })],
    [404, () => codat.integrations.get({ platformKey: 'none' })],
  ];
  for (const [status, call] of cases) {
    const error = await errorOf(call);
    assert.deepEqual([error.constructor, error.statusCode], [errors.ErrorMessage, status]);
  }
  await setLimits({ company_limit: 0 });
  assert.equal((await errorOf(CALLS['companies.create'][0])).statusCode, 402);
  await setLimits({ company_limit: null, rate_limit: 0 });
  const error = await errorOf(reread);
  assert.deepEqual([error.statusCode, error.headers.get('retry-after')], [429, '60']);
  assert.equal(error.headers.get('x-rate-limit-remaining'), '0');
  await setLimits({ rate_limit: null });
});

await check('codat node: the client validates: it rejects a wrong status, a null and an unknown value', async () => {
  await fault('status', { target: 'codat', status: 201, body: company });
  assert.equal((await errorOf(CALLS['companies.create'][0])).constructor, errors.SDKError);
  await fault('headers', { target: 'codat', headers: { 'content-type': 'text/plain' } });
  assert.equal((await errorOf(reread)).constructor, errors.SDKError);
  await control('/codat/settings', { loose: true });
  for (const call of ['companies.list', 'connections.create', 'integrations.list', 'refreshData.get']) {
    assert.equal((await errorOf(CALLS[call][0])).constructor, errors.ResponseValidationError, call);
  }
  await control('/codat/settings', { loose: false });
  await control(`/codat/connections/${connectionId}`, { status: 'Hibernating' });
  assert.equal((await errorOf(reread)).constructor, errors.ResponseValidationError);
});

await check('codat node: with default retries the client repeats the request', async () => {
  const path = `/companies/${companyId}/accessToken`;
  const before = await requestCount(path, 'codat');
  await fault('status', { target: 'codat', status: 503 });
  const retrying = client({ retryConfig: undefined });
  await retrying.companies.getAccessToken({ companyId });
  assert.equal((await requestCount(path, 'codat')) - before, 2);
});

await check('codat node: deletes a connection and a company', async () => {
  const other = await codat.connections.create({ companyId, requestBody: { platformKey: 'pqsw' } });
  await control('/codat/settings', { connection_delete_status: 204 });
  const rejected = await errorOf(() => codat.connections.delete({ companyId, connectionId: other.id }));
  assert.equal(rejected.constructor, errors.SDKError, '204 is not documented');
  await control('/codat/settings', { connection_delete_status: 200 });
  await codat.connections.delete(both);
  assert.equal((await errorOf(reread)).statusCode, 404);
  await codat.companies.delete({ companyId });
  assert.equal((await errorOf(CALLS['companies.get'][0])).statusCode, 404);
});

exit();
