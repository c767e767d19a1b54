/** What an integration can be asked for: rendered requests and the rules that go with them. */
@NullMarked
package dev.perennial.domain.definition;

import org.jspecify.annotations.NullMarked;
