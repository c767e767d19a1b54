/** Integrations: reading their definitions, binding their variables, rendering their requests. */
@NullMarked
package dev.perennial.integration;

import org.jspecify.annotations.NullMarked;
