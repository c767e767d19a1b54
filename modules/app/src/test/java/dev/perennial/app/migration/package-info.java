@NullMarked
package dev.perennial.app.migration;

import org.jspecify.annotations.NullMarked;
