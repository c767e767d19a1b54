/** A definition file as JSON values, each of which knows where it stands. */
@NullMarked
package dev.perennial.integration.document;

import org.jspecify.annotations.NullMarked;
