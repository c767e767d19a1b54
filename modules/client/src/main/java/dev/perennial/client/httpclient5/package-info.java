/** Tokens on the requests of Apache HttpClient 5, which is an optional dependency. */
@NullMarked
package dev.perennial.client.httpclient5;

import org.jspecify.annotations.NullMarked;
