package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.event.UnreadableEventException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of an installation, followed on Kafka from the beginning of the topic, so that
 * the newest state of every connection is at hand without asking anybody. Older versions and
 * duplicates, which the topic may bring, are dropped. Keeps trying while Kafka is away. A record
 * that cannot be read is logged with its place and passed over. Thread-safe.
 *
 * <pre>{@code
 * try (CredentialEvents events =
 *     CredentialEvents.on(kafka, Topics.DEFAULT)
 *         .keyRing(Path.of("keys.json"))
 *         .follow(update -> update.open().ifPresent(tokens -> use(update.state(), tokens)))) {
 *   events.caughtUp().join();
 * }
 * }</pre>
 */
public final class CredentialEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CredentialEvents.class);

  private final LatestStates latest = new LatestStates();
  private final EventCodec codec;
  private final Topics topics;
  private final @Nullable SealedPayloads payloads;
  private final boolean allRecords;
  private final CredentialListener listener;
  private final TopicTail tail;

  private CredentialEvents(Builder builder, CredentialListener listener) {
    this.topics = builder.topics;
    this.codec = new EventCodec(topics, "/perennial"); // reads only, so its source is never used
    this.payloads = builder.payloads;
    this.allRecords = builder.allRecords;
    this.listener = listener;
    this.tail = new TopicTail(builder.kafka, builder.followed(), this::handle, builder.time);
  }

  /**
   * Prepares to follow.
   *
   * @param kafka properties of a Kafka consumer: {@code bootstrap.servers}, security and the like
   */
  public static Builder on(Map<String, Object> kafka, Topics topics) {
    return new Builder(kafka, topics);
  }

  /** How to follow. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Object> kafka;
    private final Topics topics;
    private @Nullable SealedPayloads payloads;
    private boolean allRecords;
    private boolean authorizations;
    private Time time = Time.SYSTEM;

    private Builder(Map<String, Object> kafka, Topics topics) {
      this.kafka = Map.copyOf(kafka);
      this.topics = topics;
    }

    /** Opens the tokens. Without one only what is said in the open can be read. */
    public Builder sealer(Sealer sealer) {
      payloads = new SealedPayloads(sealer);
      return this;
    }

    /**
     * Opens the tokens with the ring in a file, as {@link #sealer}. A file that changes (a rotated
     * ring) is read again when a token needs it.
     *
     * @throws dev.perennial.sealing.KeyRingException where the file holds no ring
     */
    public Builder keyRing(Path file) {
      return sealer(KeyRingFile.live(file));
    }

    /** Whether the listener hears every record, older versions and duplicates too. Default: no. */
    public Builder allRecords(boolean all) {
      allRecords = all;
      return this;
    }

    /** Whether failed consents are followed too. Default: no. */
    public Builder authorizations(boolean follow) {
      authorizations = follow;
      return this;
    }

    Builder time(Time given) {
      time = given;
      return this;
    }

    /**
     * Begins to follow; the listener hears the first event from now on.
     *
     * @throws org.apache.kafka.common.KafkaException where the properties are wrong or the name of
     *     no server can be resolved; a server that does not answer is waited for
     */
    public CredentialEvents follow(CredentialListener listener) {
      CredentialEvents events = new CredentialEvents(this, listener);
      events.tail.start();
      return events;
    }

    private List<String> followed() {
      return authorizations
          ? List.of(topics.credentialsUpdated(), topics.authorizations())
          : List.of(topics.credentialsUpdated());
    }
  }

  /**
   * The newest state of a connection, deleted ones included until their last trace is gone; empty
   * where none is known. Complete once {@link #caughtUp()} is.
   */
  public Optional<CredentialState> latest(ConnectionKey key) {
    return latest.find(key);
  }

  /**
   * The tokens of a state, as {@link CredentialUpdate#open()}.
   *
   * @throws dev.perennial.domain.Sealer.UnsealableException where the sealer cannot open them
   */
  public Optional<TokenResponse> open(CredentialState state) {
    return new CredentialUpdate(state, payloads).open();
  }

  /**
   * Done once the listener has heard all that stood on the topics when following began; fails where
   * that is closed before.
   */
  public CompletableFuture<@Nullable Void> caughtUp() {
    return tail.caughtUp();
  }

  /** As {@link Credentials#staleness()}. */
  public Duration staleness() {
    return tail.staleness();
  }

  /** As {@link Credentials#lag()}. */
  public long lag() {
    return tail.lag();
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    try {
      handle(message(record));
    } catch (UnreadableEventException e) {
      log.warn("passed over {}: {}", place(record), e.getMessage());
    } catch (RuntimeException e) {
      log.error("failed on {}; the next event follows", place(record), e);
    }
  }

  private void handle(EventMessage message) {
    if (message.isTombstone()) {
      forget(message);
      return;
    }
    Event event = codec.decode(message);
    if (event instanceof CredentialUpdated updated) {
      update(updated.state());
    } else if (event instanceof AuthorizationFailed failed) {
      listener.authorizationFailed(failed);
    }
  }

  private void update(CredentialState state) {
    boolean newer = latest.offer(state);
    if (newer || allRecords) {
      listener.updated(new CredentialUpdate(state, payloads));
    }
  }

  private void forget(EventMessage tombstone) {
    if (!tombstone.topic().equals(topics.credentialsUpdated())) {
      return;
    }
    ConnectionKey key = ConnectionKey.parse(tombstone.key());
    if (latest.forget(key) || allRecords) {
      listener.forgotten(key);
    }
  }

  private static EventMessage message(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    return new EventMessage(record.topic(), text(record.key()), headers, record.value());
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + " at " + record.offset();
  }

  /** Stops within 5 s; the listener hears nothing afterwards. */
  @Override
  public void close() {
    tail.close();
  }
}
