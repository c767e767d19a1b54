/** Tests of the template language. */
@org.jspecify.annotations.NullMarked
package dev.perennial.integration.template;
