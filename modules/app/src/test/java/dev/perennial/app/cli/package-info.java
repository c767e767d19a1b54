/** The command line, run in this process with its output captured. */
@NullMarked
package dev.perennial.app.cli;

import org.jspecify.annotations.NullMarked;
