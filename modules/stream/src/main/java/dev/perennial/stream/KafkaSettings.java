package dev.perennial.stream;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * How to reach Kafka. Immutable; prints no value of {@code extra}, where passwords are.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param clientId what the brokers call us in their logs and quotas; each client adds its own part
 * @param extra any client property by Kafka's name (security, buffers); those that the guarantees
 *     rest on (acks, idempotence, commits, serializers) are set over it
 */
public record KafkaSettings(String bootstrapServers, String clientId, Map<String, String> extra) {
  private static final String SERVER = "(\\[[^]\\s,]+]|[^\\s,:\\[\\]]+):\\d{1,5}";
  private static final Pattern SERVERS = Pattern.compile(SERVER + "(\\s*,\\s*" + SERVER + ")*");

  /**
   * @throws IllegalArgumentException where the servers are not {@code host:port}
   */
  public KafkaSettings {
    if (!SERVERS.matcher(bootstrapServers).matches()) {
      throw new IllegalArgumentException(
          "Kafka bootstrap servers: expected host:port, several separated by commas, not '"
              + bootstrapServers
              + "'");
    }
    if (clientId.isBlank()) {
      throw new IllegalArgumentException("Kafka client id: blank");
    }
    extra = Map.copyOf(extra);
  }

  /** Without extra properties. */
  public static KafkaSettings of(String bootstrapServers, String clientId) {
    return new KafkaSettings(bootstrapServers, clientId, Map.of());
  }

  @Override
  public String toString() {
    return "KafkaSettings["
        + bootstrapServers
        + ", "
        + clientId
        + ", extra="
        + extra.keySet()
        + "]";
  }
}
