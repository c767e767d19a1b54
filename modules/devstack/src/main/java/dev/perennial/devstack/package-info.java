/**
 * What a machine without servers needs to run Perennial: a real Kafka broker and a real Redis as
 * child processes that end with the process that started them, and a pretend OAuth 2.0 provider
 * whose ledger judges what was done to it. For the demo, for {@code up} and for tests; never in the
 * production image.
 */
@NullMarked
package dev.perennial.devstack;

import org.jspecify.annotations.NullMarked;
