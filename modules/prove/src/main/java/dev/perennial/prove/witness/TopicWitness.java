package dev.perennial.prove.witness;

import dev.perennial.domain.Sealer;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import dev.perennial.event.UnreadableEventException;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads every topic of an installation from its beginning to its present end, with a plain consumer
 * that belongs to no group.
 */
public final class TopicWitness {
  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrapServers;
  private final Topics topics;
  private final int shards;
  private final EventCodec codec;
  private final SealedPayloads payloads;

  public TopicWitness(String bootstrapServers, String prefix, int shards, Sealer sealer) {
    this.bootstrapServers = bootstrapServers;
    this.topics = new Topics(prefix);
    this.shards = shards;
    this.codec = new EventCodec(topics, "/prove"); // reads only
    this.payloads = new SealedPayloads(sealer);
  }

  /**
   * Tells all it reads.
   *
   * @param nameOf the ledger's name for a refresh token
   */
  public void testify(Evidence.Builder evidence, Function<String, Optional<String>> nameOf) {
    Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (TopicSpec topic : topics.all(shards)) {
        for (int i = 0; i < topic.partitions(); i++) {
          partitions.add(new TopicPartition(topic.name(), i));
        }
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<String, StringBuilder> open = new HashMap<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
          append(found, open.computeIfAbsent(found.topic(), _ -> new StringBuilder()));
          tell(found, evidence, nameOf);
        }
      }
      open.forEach((topic, text) -> evidence.open("topic " + topic, text.toString()));
    }
  }

  private static void append(ConsumerRecord<byte[], byte[]> found, StringBuilder text) {
    text.append(latin(found.key())).append('\n').append(latin(found.value())).append('\n');
    found
        .headers()
        .forEach(header ->
            text.append(header.key()).append('\n').append(latin(header.value())).append('\n'));
  }

  private static String latin(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void tell(
      ConsumerRecord<byte[], byte[]> found,
      Evidence.Builder evidence,
      Function<String, Optional<String>> nameOf) {
    boolean wanted =
        found.topic().equals(topics.credentialsUpdated())
            || found.topic().equals(topics.codeReceived())
            || found.topic().equals(topics.authorizations());
    EventMessage message = message(found);
    if (!wanted || message.isTombstone()) {
      return;
    }
    try {
      switch (codec.decode(message)) {
        case CredentialUpdated(CredentialState state) ->
            evidence.published(
                new Published(
                    state, token(state, evidence, nameOf), found.partition(), found.offset()));
        case CodeReceived code -> evidence.code(code);
        case AuthorizationFailed failed -> evidence.failed(failed);
        default -> {}
      }
    } catch (UnreadableEventException e) {
      throw new IllegalStateException(
          found.topic() + "-" + found.partition() + " at " + found.offset() + " is unreadable", e);
    }
  }

  private @Nullable String token(
      CredentialState state, Evidence.Builder evidence, Function<String, Optional<String>> nameOf) {
    if (state.sealed() == null) {
      return null;
    }
    try {
      TokenResponse tokens = payloads.openTokens(state.key(), state.sealed());
      Stream.of(tokens.accessToken(), tokens.refreshToken())
          .flatMap(Optional::stream)
          .forEach(token -> evidence.secrets(Set.of(token.reveal())));
      return tokens.refreshToken().flatMap(token -> nameOf.apply(token.reveal())).orElse(null);
    } catch (UnsealableException e) {
      throw new IllegalStateException(state.key() + ": what was published cannot be opened", e);
    }
  }

  private static EventMessage message(ConsumerRecord<byte[], byte[]> found) {
    Map<String, String> headers = new HashMap<>();
    found.headers().forEach(header -> headers.put(header.key(), utf8(header.value())));
    return new EventMessage(found.topic(), utf8(found.key()), headers, found.value());
  }

  private static String utf8(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
