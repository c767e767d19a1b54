/**
 * Kafka: the publisher, the key-ordered worker, shard ownership and the check of the topics. Knows
 * nothing of OAuth, and no Kafka type leaves it.
 */
@NullMarked
package dev.perennial.stream;

import org.jspecify.annotations.NullMarked;
