/**
 * The command line: each command reads what it needs, says what it did in plain lines, and ends
 * with 0 (well), 1 (a problem, told on standard error) or 2 (wrong usage).
 */
@NullMarked
package dev.perennial.app.cli;

import org.jspecify.annotations.NullMarked;
