package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are always fresh, from memory. Start one for a process and share it: thread-safe.
 *
 * <pre>{@code
 * try (Credentials credentials =
 *     Credentials.onKafka(Map.of("bootstrap.servers", "kafka:9092"))
 *         .keyRing(Path.of("keys.json"))
 *         .start()) {
 *   credentials.ready().join();
 *   Token token = credentials.token("google/acme");
 *   request.header("Authorization", token.authorization());
 * }
 * }</pre>
 *
 * <p>A connection is named {@code <integration>/<id>}; a name without a slash means the id {@code
 * default}. A text that is no such name is an {@link IllegalArgumentException} everywhere.
 *
 * <p><b>On Kafka</b> the topic {@code credentials-updated} is followed from its beginning, and the
 * newest version of every connection is kept. Versions only rise: a record that comes twice, or an
 * older one after a newer one, is dropped by (grant, token_gen, version). Version numbers may leave
 * out some: such a gap (a version that compaction took away, or a number that was never used) needs
 * no action, since each record carries the whole state and the next one stands for all before it.
 * The same goes for a consumer that had to begin again. While Kafka is away tokens go on being
 * served from memory, and {@link #staleness()} rises.
 *
 * <p><b>On the admin API</b> a connection is fetched when it is first asked for and kept fresh by
 * conditional requests from then on.
 */
public interface Credentials extends AutoCloseable {

  /** How long {@link #awaitFresh(String, Duration)} waits. */
  Duration DEFAULT_WAIT = Duration.ofSeconds(30);

  /**
   * Prepares to follow the topic.
   *
   * @param kafka properties of a Kafka consumer: {@code bootstrap.servers}, security and the like
   */
  static KafkaCredentialsBuilder onKafka(Map<String, Object> kafka) {
    return new KafkaCredentialsBuilder(kafka);
  }

  /**
   * Prepares to ask the admin API, for a service without Kafka.
   *
   * @param admin the admin listener, e.g. {@code http://perennial-admin:8081}
   * @param apiKey with the scopes {@code credentials:read} and {@code connections:write}; without
   *     the second no refresh can be asked for
   */
  static ApiCredentialsBuilder onApi(URI admin, Secret apiKey) {
    return new ApiCredentialsBuilder(admin, apiKey);
  }

  /**
   * The token of a connection, valid by this machine's clock. From memory: on Kafka it never
   * blocks, except that without a key ring, and on the API, the first call for a connection (or the
   * first after its token ended) fetches it.
   *
   * <p>A token is served until its end even where a new consent is required by then, since the
   * provider may still take it; a listener hears of that at once.
   *
   * @throws CredentialException where there is none; its kind says why
   */
  Token token(String connection);

  /** As {@link #token(String)}. */
  default Token token(ConnectionKey connection) {
    return token(connection.toString());
  }

  /** As {@link #token(String)}, empty where that would throw a {@link CredentialException}. */
  default Optional<Token> find(String connection) {
    try {
      return Optional.of(token(connection));
    } catch (CredentialException e) {
      return Optional.empty();
    }
  }

  /** How a connection stands; empty where none is known (on the API: where none was asked for). */
  Optional<ConnectionState> state(String connection);

  /** As {@link #awaitFresh(String, Duration, Duration)}, for up to 30 s. */
  default Token awaitFresh(String connection, Duration minValidity) {
    return awaitFresh(connection, minValidity, DEFAULT_WAIT);
  }

  /**
   * A token of which at least so much is left. At once where there is one; else a refresh is asked
   * for once, where the admin API is known, and the version that brings one is waited for. It also
   * waits until the view is ready.
   *
   * @throws CredentialException of kind {@code NOT_FRESH} where none came in time or a new one does
   *     not live that long, of another kind at once where waiting cannot help; {@code NOT_FRESH}
   *     too where the thread is interrupted, which stays set
   */
  default Token awaitFresh(String connection, Duration minValidity, Duration timeout) {
    return Futures.join(ConnectionKey.parse(connection), fresh(connection, minValidity, timeout));
  }

  /**
   * As {@link #awaitFresh(String, Duration, Duration)} without a thread that waits: fails with its
   * {@link CredentialException}.
   */
  CompletableFuture<Token> fresh(String connection, Duration minValidity, Duration timeout);

  /**
   * Another token than one that a resource server refused (401). At once where there is one
   * already; else as {@link #awaitFresh(String, Duration, Duration)}.
   *
   * @throws CredentialException as there
   */
  default Token awaitNewer(Token refused, Duration timeout) {
    return Futures.join(refused.connection(), newer(refused, timeout));
  }

  /** As {@link #awaitNewer(Token, Duration)} without a thread that waits. */
  CompletableFuture<Token> newer(Token refused, Duration timeout);

  /**
   * Done once the view holds all that stood on the topic when it was started; fails where it is
   * closed before. On the API, which fills on first use, done at once.
   */
  CompletableFuture<@Nullable Void> ready();

  /**
   * How old the view may be: the time since the last moment as of which it is known to hold
   * everything. On Kafka the ends of all partitions are asked for once a second, and the moment
   * before the question counts once all that stood before those ends has been read; so some seconds
   * are normal, and a value that goes on rising means that Kafka does not answer or the view cannot
   * keep up. On the API it is the time since the last round of conditional requests that was
   * answered in full. Before the first such moment: the time since the start.
   */
  Duration staleness();

  /**
   * How much is known to be unread. On Kafka: records before the ends that were last asked for; -1
   * until Kafka has answered once. On the API: connections of which the last round brought nothing.
   */
  long lag();

  /** Stops following, within 5 s. No token is served afterwards; who waits is told at once. */
  @Override
  void close();
}
