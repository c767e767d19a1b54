/** Requests as a definition writes them: URLs, headers and bodies made of compiled templates. */
@NullMarked
package dev.perennial.integration.request;

import org.jspecify.annotations.NullMarked;
