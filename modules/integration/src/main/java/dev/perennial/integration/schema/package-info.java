/** What docs/integration.schema.json says of a definition: keys, types, and what they may hold. */
@NullMarked
package dev.perennial.integration.schema;

import org.jspecify.annotations.NullMarked;
