package dev.perennial.domain;

import java.util.regex.Pattern;

/**
 * Names one grant under an integration: {@code <integration>/<connection>}, e.g. {@code
 * google/acme}. It is the Kafka key of every event and the associated data of everything sealed.
 * Immutable.
 *
 * @param integration slug of the integration, {@code [a-z0-9-]}, 1 to 63 characters
 * @param connection id within the integration: letters, digits and {@code . _ @ : + = -}, 1 to 128
 *     characters, not starting with a punctuation mark
 */
public record ConnectionKey(String integration, String connection)
    implements Comparable<ConnectionKey> {

  /** The connection id where none is given. */
  public static final String DEFAULT = "default";

  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@:+=-]{0,127}");

  /**
   * @throws IllegalArgumentException where a part is not of the form above
   */
  public ConnectionKey {
    if (!isSlug(integration)) {
      throw new IllegalArgumentException(
          "not an integration: '" + printable(integration) + "' (expected [a-z0-9-], 1 to 63)");
    }
    if (!isConnectionId(connection)) {
      throw new IllegalArgumentException(
          "not a connection id: '"
              + printable(connection)
              + "' (expected letters, digits and . _ @ : + = -, 1 to 128)");
    }
  }

  /** Whether the text can name an integration. */
  public static boolean isSlug(String text) {
    return SLUG.matcher(text).matches();
  }

  /** Whether the text can name a connection within an integration. */
  public static boolean isConnectionId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Reads {@code integration/connection}; without a slash the connection is {@link #DEFAULT}.
   *
   * @throws IllegalArgumentException where the text is not a connection key
   */
  public static ConnectionKey parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ConnectionKey(text, DEFAULT)
        : new ConnectionKey(text.substring(0, slash), text.substring(slash + 1));
  }

  private static String printable(String text) {
    String head = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return head.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  @Override
  public int compareTo(ConnectionKey other) {
    int byIntegration = integration.compareTo(other.integration);
    return byIntegration != 0 ? byIntegration : connection.compareTo(other.connection);
  }

  @Override
  public String toString() {
    return integration + "/" + connection;
  }
}
