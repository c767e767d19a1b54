package dev.perennial.devstack.provider;

/**
 * A token that was used again after it had been spent.
 *
 * @param first the use that spent it, whose answer left whole
 * @param again the later use
 */
public record Replay(Use first, Use again) {}
