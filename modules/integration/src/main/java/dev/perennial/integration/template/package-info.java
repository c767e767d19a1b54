/**
 * The small language inside <code>{{ }}</code>: its grammar, its functions, its evaluation by
 * FreeMarker, and the encoding of values for the position they stand in.
 */
@NullMarked
package dev.perennial.integration.template;

import org.jspecify.annotations.NullMarked;
