package dev.perennial.integration.document;

/** Something wrong, or worth a warning, at a place of a definition file. Never holds a secret. */
public record Problem(Place at, String reason) {}
