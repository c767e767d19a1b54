package dev.perennial.app.config;

/**
 * A value as a source gives it.
 *
 * @param name of the key, e.g. {@code perennial.kafka.bootstrap-servers}
 * @param written the key as it is written in the source
 * @param value the parts of a list are separated by commas; a comma inside a part is {@code \,}
 * @param source e.g. {@code perennial.yaml:12}
 */
record RawValue(String name, String written, String value, String source) {}
