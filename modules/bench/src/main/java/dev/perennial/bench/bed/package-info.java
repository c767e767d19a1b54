/**
 * Where it is measured: a real Kafka and a real Redis, a token server and the workers, each in a
 * process of its own, so that each one's processor time can be told apart.
 */
@NullMarked
package dev.perennial.bench.bed;

import org.jspecify.annotations.NullMarked;
