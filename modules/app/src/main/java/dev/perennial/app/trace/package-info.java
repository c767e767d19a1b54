/** W3C traces: where they begin, and what makes their ids. */
@NullMarked
package dev.perennial.app.trace;

import org.jspecify.annotations.NullMarked;
