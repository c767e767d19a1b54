/** What this process measures: every metric in one place, and who counts what. */
@NullMarked
package dev.perennial.app.metric;

import org.jspecify.annotations.NullMarked;
