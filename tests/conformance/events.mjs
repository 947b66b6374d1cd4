// The report endpoint and the official libraries: the sandbox accepts what they sign and wrap, they accept what it has
// recorded, and verify-events.mjs rejects invalid events.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { check, control, exit, ready } from './sandbox.mjs';

async function enroll() {
  const { code } = await control('/enrollments', {});
  const description = { name: 'FRONT-DESK', platform: 'windows', app_version: '0.1.0' };
  const body = JSON.stringify({ code, device: description });
  const answer = await fetch(`${ready.backend}/v1/devices`, { method: 'POST', body });
  assert.equal(answer.status, 201);
  return answer.json();
}

const device = await enroll();
const event = (id) => new CloudEvent({ id, source: 'urn:deskside:device', type: 'deskside.report', data: { seq: 1 } });

async function send(id, contentType, body, secret = device.signing_secret) {
  const now = new Date();
  const headers = {
    authorization: `Bearer ${device.token}`, 'content-type': contentType, 'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return (await fetch(`${ready.backend}/v1/events`, { method: 'POST', headers, body })).status;
}

const verify = (events, secrets) => spawnSync(process.execPath, [fileURLToPath(new URL('verify-events.mjs', import.meta.url))],
  { input: JSON.stringify({ events, secrets }), encoding: 'utf8' });

await check('events: accepts an event from the official libraries', async () => {
  const { headers, body } = HTTP.structured(event('one'));
  assert.equal(await send('one', headers['content-type'], body), 202);
});

await check('events: accepts a batch', async () => {
  const batch = JSON.stringify([event('two'), event('three')]);
  assert.equal(await send('two', 'application/cloudevents-batch+json', batch), 202);
});

const { events } = await control('/events');
const secrets = await control('/secrets');

await check('events: the official libraries accept the recorded events', () => {
  const { status, stdout } = verify(events, secrets);
  assert.equal(status, 0, stdout);
  assert.equal(stdout.match(/^ok /gm).length, 2);
});

await check('events: verify-events rejects an empty list, a changed body, a wrong secret and an invalid envelope', async () => {
  const [recorded] = events;
  const changed = { ...recorded, body: recorded.body.replace('"seq":1', '"seq":2') };
  assert.notEqual(changed.body, recorded.body);
  const body = '{"specversion":"1.0","id":"x","source":"urn:x"}';
  const signed = new Webhook(device.signing_secret).sign('x', new Date(recorded.received_at), body);
  const stamp = String(Math.floor(Date.parse(recorded.received_at) / 1000));
  const untyped = { ...recorded, body, headers: { ...recorded.headers, 'webhook-id': 'x', 'webhook-timestamp': stamp,
    'webhook-signature': signed } };
  assert.equal(verify([], secrets).status, 1);
  assert.equal(verify([changed], secrets).status, 1);
  assert.equal(verify([recorded], { [recorded.device_id]: `whsec_${btoa('another secret of 24 byte')}` }).status, 1);
  const { status, stdout } = verify([recorded, untyped], secrets);
  assert.equal(status, 1);
  assert.match(stdout, /^ok event 0.*\nFAILED event 1 /);
  assert.doesNotMatch(stdout, /signature/i, 'the error must name the envelope, not the signature');
});

await check('events: rejects a foreign signature and records it as unverified', async () => {
  const { headers, body } = HTTP.structured(event('four'));
  const foreign = `whsec_${btoa('another secret of 24 byte')}`;
  assert.equal(await send('four', headers['content-type'], body, foreign), 400);
  const recorded = (await control('/events')).events.at(-1);
  assert.deepEqual([recorded.headers['webhook-id'], recorded.verified], ['four', false]);
});

exit();
