/** Tests of the integration room. */
@org.jspecify.annotations.NullMarked
package dev.perennial.integration;
