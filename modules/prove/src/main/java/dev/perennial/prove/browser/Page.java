package dev.perennial.prove.browser;

import java.net.URI;

/** Where a visit came to its end. */
public record Page(int status, URI uri, String body) {}
