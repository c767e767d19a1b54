@NullMarked
package dev.perennial.app.metric;

import org.jspecify.annotations.NullMarked;
