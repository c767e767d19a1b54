/**
 * Commands that bring their own Kafka and Redis: {@code demo} and {@code up}. They stand on the
 * development stack, which is not in the production image.
 */
@NullMarked
package dev.perennial.app.dev;

import org.jspecify.annotations.NullMarked;
