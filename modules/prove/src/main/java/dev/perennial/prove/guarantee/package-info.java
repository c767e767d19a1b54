/** The guarantees, each a class: what is observed is judged, never what was meant. */
@NullMarked
package dev.perennial.prove.guarantee;

import org.jspecify.annotations.NullMarked;
