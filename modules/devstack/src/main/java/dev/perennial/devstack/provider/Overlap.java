package dev.perennial.devstack.provider;

/**
 * Two calls of one grant that were before the provider at the same time.
 *
 * @param later arrived while the other was being served
 */
public record Overlap(Use earlier, Use later) {}
