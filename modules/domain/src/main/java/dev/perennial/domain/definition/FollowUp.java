package dev.perennial.domain.definition;

import org.jspecify.annotations.Nullable;

/**
 * A request that follows the first one of an attempt ({@code then}).
 *
 * @param into the name under {@code oauth} that its answer gets; null = merged at the top
 * @param optional a failure does not matter
 */
public record FollowUp(@Nullable String into, boolean optional) {}
