/**
 * Credentials, their due index and what leads to them, in Redis. Watches nothing; writes one hash
 * for each connection and, in the same slot and the same script, the shard's due index and outbox.
 *
 * <p>The scripts beside the classes are the refresh protocol: each file is one atomic step. The key
 * layout is in {@link dev.perennial.credentials.Keys}.
 */
@NullMarked
package dev.perennial.credentials;

import org.jspecify.annotations.NullMarked;
