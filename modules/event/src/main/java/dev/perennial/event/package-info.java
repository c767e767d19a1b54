/**
 * What stands on the topics, in one place: their names and settings, the events as CloudEvents, and
 * the three sealed texts. Knows JSON, and neither Kafka nor any key material.
 */
@NullMarked
package dev.perennial.event;

import org.jspecify.annotations.NullMarked;
