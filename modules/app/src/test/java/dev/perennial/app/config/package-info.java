/** Configuration: defaults, mapping and every refusal. */
@NullMarked
package dev.perennial.app.config;

import org.jspecify.annotations.NullMarked;
