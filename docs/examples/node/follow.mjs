// Follows credentials-updated from its beginning and prints one JSON line for each change.
//   KAFKA           bootstrap servers, comma-separated (localhost:9092)
//   TOPIC_PREFIX    topics.prefix of the installation (perennial)
//   KEYSET          file of the key ring; with it the access token's length is printed too
import { readFile } from 'node:fs/promises';
import { Kafka, logLevel } from 'kafkajs';
import { opener } from './sealed.mjs';

const env = process.env;
const kafka = new Kafka({ brokers: (env.KAFKA ?? 'localhost:9092').split(','), logLevel: logLevel.ERROR });
const ring = async () => opener(JSON.parse(await readFile(env.KEYSET, 'utf8')));
let open = env.KEYSET ? await ring() : null;
const newest = new Map();

// Each consumer wants every partition from the beginning, so its group is its own and nothing is committed.
const consumer = kafka.consumer({ groupId: `follow-${process.pid}-${Date.now()}` });
await consumer.connect();
await consumer.subscribe({ topic: `${env.TOPIC_PREFIX ?? 'perennial'}.credentials-updated`, fromBeginning: true });
await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => changed(message) });

async function changed({ key, value, headers }) {
  const connection = key.toString();
  if (value === null) { // a tombstone: the last trace of a deleted connection
    if (newest.delete(connection)) print({ connection, change: 'forgotten' });
    return;
  }
  const data = JSON.parse(value);
  if (!isAbove(data, newest.get(connection))) return; // a duplicate, or an older version that came late
  newest.set(connection, data);
  const tokens = open && data.sealed ? await opened(data) : null;
  print({
    connection,
    change: headers.ce_type.toString().replace('perennial.credentials.', ''),
    version: data.version,
    status: data.status,
    expires_at: data.expires_at,
    trace: headers.traceparent?.toString().split('-')[1],
    access_token_length: tokens?.access_token?.length, // the token itself stays out of sight
  });
}

// The ring may have been rotated: read it again. What it still lacks is a key that was retired; then a later record of this
// connection, sealed with another one, follows.
async function opened(data) {
  try {
    return open(data);
  } catch {
    open = await ring();
  }
  try {
    return open(data);
  } catch (problem) {
    process.stderr.write(`${problem.message}\n`);
    return null;
  }
}

// By grant, then token_gen, then version; gaps mean nothing.
function isAbove(a, b) {
  const by = ['grant', 'token_gen', 'version'].find((name) => a[name] !== b?.[name]);
  return b === undefined || (by !== undefined && a[by] > b[by]);
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect().then(() => process.exit(0)));
