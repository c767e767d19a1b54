/**
 * A pretend OAuth 2.0 provider over HTTP on 127.0.0.1, with the habits and the failures of real
 * ones, and a ledger of every code and refresh token it saw. And a proxy that keeps the same ledger
 * of a real one.
 */
@NullMarked
package dev.perennial.devstack.provider;

import org.jspecify.annotations.NullMarked;
