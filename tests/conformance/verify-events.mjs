// Verifies reports with the official libraries: every signature with standardwebhooks, every envelope with the
// CloudEvents SDK. Standard input is {"events": […], "secrets": {device_id: secret}}, as the sandbox's control API
// returns them at /events and /secrets. An empty list is a failure, because it would verify nothing.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';

/** The library compares with the current time, but the report must have been recent when it arrived. */
function verifySignature(event, secret) {
  const clock = Date.now;
  Date.now = () => Date.parse(event.received_at);
  try {
    new Webhook(secret).verify(event.body, event.headers);
  } finally {
    Date.now = clock;
  }
}

/** In strict mode the constructor checks the specification's schema and extension names. */
function verifyEnvelope({ headers, body }) {
  const mediaType = headers['content-type'].split(';')[0].trim();
  const parsed = HTTP.toEvent({ headers: { ...headers, 'content-type': mediaType }, body });
  const envelopes = Array.isArray(parsed) ? parsed : [parsed];
  assert.ok(envelopes.length > 0, 'an empty batch');
  for (const envelope of envelopes) new CloudEvent(envelope.toJSON(), true);
}

const { events, secrets } = JSON.parse(await text(process.stdin));
let failures = 0;
for (const [index, event] of events.entries()) {
  const name = `event ${index} (${event.headers['webhook-id']})`;
  try {
    assert.ok(secrets[event.device_id], `no secret for ${event.device_id}`);
    verifySignature(event, secrets[event.device_id]);
    verifyEnvelope(event);
    console.log(`ok ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}
if (events.length === 0) {
  failures += 1;
  console.log('FAILED there are no events to verify');
}
process.exit(failures === 0 ? 0 : 1);
