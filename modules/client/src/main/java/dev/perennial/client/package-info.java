/**
 * What a pipeline depends on: the credentials as they change, followed on Kafka and opened with its
 * own key ring. Needs kafka-clients, Jackson and Tink, and Java 17.
 */
@NullMarked
package dev.perennial.client;

import org.jspecify.annotations.NullMarked;
