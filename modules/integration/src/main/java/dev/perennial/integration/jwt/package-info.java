/** JSON Web Tokens (RFC 7519) that requests carry, and the keys they are signed with. */
@NullMarked
package dev.perennial.integration.jwt;

import org.jspecify.annotations.NullMarked;
