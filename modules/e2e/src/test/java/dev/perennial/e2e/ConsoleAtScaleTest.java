package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Restore;
import dev.perennial.app.role.Role;
import dev.perennial.credentials.RedisCensuses;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.prove.guarantee.NoGrantSilentlyLost;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.RedisClient;

/**
 * The console over many connections, and how long its pages take. How many: {@code
 * -Dperennial.e2e.connections=100000}.
 */
@ExtendWith(ServersExtension.class)
class ConsoleAtScaleTest {
  private static final int CONNECTIONS = Integer.getInteger("perennial.e2e.connections", 2_000);
  private static final int TIMES = 7;

  /** One in so many needs a new consent. */
  private static final int LOST = 500;

  private static final Pattern ROW = Pattern.compile("class=\"key\"><a href=\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("href=\"/console([^\"]+)\" rel=\"next\"");

  private static final Pattern CPU = Pattern.compile("(?m)^used_cpu_(?:sys|user):([0-9.]+)");

  private static final String DEFINITION =
      """
      {
        "authenticate_url": "https://provider.test/authorize?redirect_uri={{ redirect_url }}",
        "access_token": {"url": "https://provider.test/token"}
      }
      """;

  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private int port;

  @Test
  void everythingIsFoundAndEveryPageComesSoon(Servers servers) throws Exception {
    try (Installed installed =
        Installed.on(servers)
            .definition("orchard", DEFINITION)
            .flag("metrics.census-every", "1h") // one at the start, and those that are timed
            .waive(NoGrantSilentlyLost.class, "some are lost from the beginning, to be found")
            .build()) {
      publish(installed);
      assertThat(Restore.run(installed.config(), _ -> {}, () -> false)).isTrue();
      Node node = installed.node(Set.of(Role.CREDENTIALS));
      port = node.adminPort();
      signIn();
      String last = "c" + (CONNECTIONS - 1);
      Await.until("all are counted", () -> body("").contains(counted()));

      timed("overview", "", body -> assertThat(body).contains(counted()));
      timed("list", "/connections", body -> assertThat(rows(body)).hasSizeGreaterThan(49));
      timed("one id", "/connections?q=" + last + "*", body -> assertThat(body).contains(last));
      timed(
          "status",
          "/connections?status=reauthorization_required",
          body -> assertThat(rows(body)).isNotEmpty());
      timed("soon", "/connections?ends=1h", body -> assertThat(rows(body)).isEmpty());
      timed("one", "/connections/orchard/" + last, body -> assertThat(body).contains("token ends"));
      timed("activity", "/activity", body -> assertThat(body).contains("orchard/"));

      census(servers, installed);

      assertThat(all("/connections?status=reauthorization_required"))
          .hasSize((CONNECTIONS + LOST - 1) / LOST);
      assertThat(all("/connections?q=99&status=active")).hasSize(active99());
    }
  }

  private static String counted() {
    return String.format(Locale.ROOT, "%,d", CONNECTIONS - (CONNECTIONS + LOST - 1) / LOST);
  }

  private static int active99() {
    int count = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      count += Integer.toString(i).contains("99") && i % LOST != 0 ? 1 : 0;
    }
    return count;
  }

  private void signIn() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address("/sign-in"))
            .header("Origin", "http://127.0.0.1:" + port)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("key=" + Installed.ADMIN_TOKEN))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).uri().getPath()).isEqualTo("/console");
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + "/console" + path);
  }

  private String body(String path) {
    try {
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(address(path)).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }

  private void timed(String name, String path, Consumer<String> check) {
    long[] millis = new long[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      String body = body(path);
      millis[i] = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      check.accept(body);
    }
    Arrays.sort(millis);
    System.out.printf(
        "console of %d connections, %s: median %d ms, worst of %d %d ms%n",
        CONNECTIONS, name, millis[TIMES / 2], TIMES, millis[TIMES - 1]);
  }

  /** Without the rests between its pages. */
  private static void census(Servers servers, Installed installed) {
    try (RedisConnections connections =
            new RedisConnections(
                RedisSettings.of(servers.redis(), installed.config().redis().prefix()));
        RedisClient redis = RedisClient.create(servers.redis())) {
      RedisCensuses censuses =
          new RedisCensuses(
              connections,
              new Shards(installed.config().shards()),
              InstantSource.system(),
              System::nanoTime);
      for (int i = 0; i < 3; i++) {
        double before = cpu(redis);
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Census census = censuses.take("orchard"::equals, _ -> true).orElseThrow();
        assertThat(census.integrations().values())
            .singleElement()
            .satisfies(count ->
                assertThat(count.connections())
                    .containsEntry(
                        Status.ACTIVE, (long) CONNECTIONS - (CONNECTIONS + LOST - 1) / LOST));
        System.out.printf(
            Locale.ROOT,
            "census of %d connections: %d ms, of Redis's CPU %.0f ms, of ours %d ms%n",
            CONNECTIONS,
            census.took().toMillis(),
            (cpu(redis) - before) * 1e3,
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1_000_000);
      }
    }
  }

  /** Seconds that Redis has used. */
  private static double cpu(RedisClient redis) {
    return CPU.matcher(redis.info("cpu"))
        .results()
        .mapToDouble(found -> Double.parseDouble(String.valueOf(found.group(1))))
        .sum();
  }

  private static List<String> rows(String body) {
    return ROW.matcher(body).results().map(it -> String.valueOf(it.group(1))).toList();
  }

  /** Goes through the pages to the last one. */
  private Set<String> all(String path) {
    Set<String> found = new HashSet<>();
    String at = path;
    while (!at.isEmpty()) {
      String body = body(at);
      found.addAll(rows(body));
      at =
          NEXT.matcher(body)
              .results()
              .findFirst()
              .map(it -> String.valueOf(it.group(1)).replace("&amp;", "&"))
              .orElse("");
    }
    return found;
  }

  private static void publish(Installed installed) {
    Topics topics = new Topics(installed.config().topics().prefix());
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(
            KafkaSettings.of(installed.config().kafka().bootstrapServers(), "scale-test"),
            new EventCodec(topics, "/scale-test"),
            Duration.ofSeconds(30))) {
      SealedPayloads payloads = new SealedPayloads(installed.sealer());
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      List<CredentialUpdated> some = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        some.add(new CredentialUpdated(state(i, payloads, now)));
        if (some.size() == 1_000 || i == CONNECTIONS - 1) {
          publisher.publishAll(some);
          some.clear();
        }
      }
    }
  }

  private static CredentialState state(int i, SealedPayloads payloads, Instant now) {
    ConnectionKey key = new ConnectionKey("orchard", "c" + i);
    boolean lost = i % LOST == 0;
    Map<String, @Nullable Object> tokens = new HashMap<>(Map.of("access_token", "a" + i));
    return new CredentialState(
        key,
        1_790_000_000_000_000L,
        2,
        3,
        lost ? Status.REAUTHORIZATION_REQUIRED : Status.ACTIVE,
        lost ? Change.REAUTHORIZATION_REQUIRED : Change.REFRESHED,
        lost ? new Reason(Reason.REFUSED, "HTTP 400 invalid_grant") : null,
        payloads.seal(key, new TokenResponse(tokens)),
        now,
        now.plus(Duration.ofHours(2)),
        lost ? null : now.plus(Duration.ofHours(1)),
        "Bearer",
        "a b",
        now);
  }
}
