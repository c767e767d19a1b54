/** The command line, run in this process with its output captured. */
@NullMarked
package dev.perennial.app.dev;

import org.jspecify.annotations.NullMarked;
