package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.perennial.app.log.JsonLines;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisCredentialStore;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.event.EventCodec;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import dev.perennial.event.Topics;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/**
 * Every line that a running loop logs as JSON, at the level TRACE: keys of the dictionary alone,
 * and whom a message names stands in keys.
 */
@ExtendWith(ServersExtension.class)
class LogLinesTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/of-the-log");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (yes|no) \\|");

  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.perennial");
  private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
  private final Lines lines = new Lines();
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofSeconds(6))
              .build());

  @BeforeEach
  void listen() {
    lines.start();
    ours.setLevel(Level.TRACE);
    root.addAppender(lines);
  }

  @AfterEach
  void close() {
    ours.setLevel(null);
    root.detachAppender(lines);
    simulator.close();
  }

  @Test
  void linesHaveTheKeysOfTheDictionaryAndThoseThatTheirMessageCallsFor(Servers servers)
      throws IOException {
    try (Installed installed = installed(servers);
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      ours.atInfo().addKeyValue("of_nobody", "x").log("a pair that the dictionary does not have");
      browser.open(installed.connectLink(node.adminPort(), KEY));
      installed.witness().await(KEY, Change.REFRESHED, 1);
      simulator.provider("strict").failNext(1, Fault.status(503));
      installed.witness().await(KEY, Change.REFRESH_FAILED, 1);
      installed.witness().await(KEY, Change.REFRESHED, 2);
      anAnswerComesByTheJournalTooLate(servers, installed);
      lines.await("a journaled answer was superseded");
      aRecordIsPoison(servers, installed);
      lines.await("to the dead-letter topic");
      aWriterDiesBeforeItPublishes(servers, installed);
      lines.await("for a writer that did not");
      installed.over();
    }
    Set<String> dictionary = dictionary("yes|no");
    Set<String> always = dictionary("yes");
    assertThat(always).hasSize(5);
    assertThat(lines.all) // how many depends on who else logs in this JVM; those about KEY do not
        .allSatisfy(line -> assertThat(dictionary).containsAll(line.keySet()))
        .allSatisfy(line -> assertThat(line.keySet()).containsAll(always));
    List<Map<String, @Nullable Object>> about =
        lines.all.stream().filter(it -> message(it).contains(KEY.toString())).toList();
    assertThat(about)
        .hasSizeGreaterThan(10)
        .allSatisfy(line ->
            assertThat(line)
                .containsEntry("integration", KEY.integration())
                .containsEntry("connection", KEY.connection()));
    for (String said : List.of("consent", "begins", "its code is on its way")) {
      assertThat(one(about, said)).containsEntry("role", "ingress");
    }
    for (String said : List.of("a journaled answer was", "for a writer that did not")) {
      assertThat(one(about, said)).containsEntry("role", "credentials").containsKey("shard");
    }
    assertThat(one(about, "to the dead-letter topic")).isNotEmpty();
    assertThat(one(about, "\"action\"")).as("of the audit trail").isNotEmpty();
  }

  private static Map<String, @Nullable Object> one(
      List<Map<String, @Nullable Object>> lines, String said) {
    return lines.stream()
        .filter(line -> message(line).contains(said))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line says " + said));
  }

  private static String message(Map<String, @Nullable Object> line) {
    return String.valueOf(line.get("message"));
  }

  private static Set<String> dictionary(String always) throws IOException {
    return ROW.matcher(Files.readString(Path.of("../../docs/logs.md")))
        .results()
        .filter(row -> String.valueOf(row.group(2)).matches(always))
        .map(row -> Objects.requireNonNull(row.group(1)))
        .collect(Collectors.toSet());
  }

  private static void anAnswerComesByTheJournalTooLate(Servers servers, Installed installed) {
    CredentialState now = installed.witness().states(KEY).getLast();
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(
            KafkaSettings.of(servers.kafka(), "log-test"),
            new EventCodec(topics(installed), "/log-test"),
            Duration.ofSeconds(30))) {
      publisher.publish(
          new AnswerJournaled(
              KEY, "late", 0, true, now.grant(), 0, tokens(installed), Instant.now()));
    }
  }

  private static void aRecordIsPoison(Servers servers, Installed installed) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers.kafka()),
            new StringSerializer(),
            new StringSerializer())) {
      var _ =
          producer.send(
              new ProducerRecord<>(topics(installed).refreshDue(), KEY.toString(), "no event"));
    }
  }

  private static void aWriterDiesBeforeItPublishes(Servers servers, Installed installed) {
    Shards shards = new Shards(installed.config().shards());
    AttemptTimes times =
        new AttemptTimes(
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    try (RedisConnections redis =
        new RedisConnections(
            RedisSettings.of(servers.redis(), installed.config().redis().prefix()))) {
      new RedisCredentialStore(redis, shards, times)
          .put(KEY, Instant.now().toEpochMilli() * 1_000, "unsaid", tokens(installed));
    }
  }

  private static IssuedTokens tokens(Installed installed) {
    CredentialState state = installed.witness().states(KEY).getLast();
    return new IssuedTokens(
        Objects.requireNonNull(state.sealed()), Instant.now(), null, null, "Bearer", null);
  }

  private static Topics topics(Installed installed) {
    return new Topics(installed.config().topics().prefix());
  }

  private Installed installed(Servers servers) {
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition("strict", Definitions.of(simulator.provider("strict")))
        .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
        .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
        .build();
  }

  /** As the format {@code json} writes them. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final List<Map<String, @Nullable Object>> all = new CopyOnWriteArrayList<>();
    private final JsonLines json = new JsonLines();

    @Override
    public void start() {
      json.setContext((ch.qos.logback.core.Context) LoggerFactory.getILoggerFactory());
      json.start();
      super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
      String line = new String(json.encode(event), UTF_8);
      try {
        all.add(JsonObjects.read(line.strip().getBytes(UTF_8)));
      } catch (MalformedJsonException e) {
        throw new IllegalStateException(line, e);
      }
    }

    void await(String said) {
      Await.until(
          "a line says " + said, () -> all.stream().anyMatch(it -> message(it).contains(said)));
    }
  }
}
