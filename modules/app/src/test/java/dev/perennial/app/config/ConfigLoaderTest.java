package dev.perennial.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.app.config.ConfigProblems.Problem;
import dev.perennial.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path directory = Path.of("");

  @Test
  void theEnvironmentWinsOverTheFileAndFlagsOverBoth() throws IOException {
    yaml("perennial:\n  shards: 1\n  public.port: 1\n  admin.port: 1001\n");
    Map<String, String> environment =
        Map.of("PERENNIAL_PUBLIC_PORT", "2", "PERENNIAL_ADMIN_PORT", "1002");

    PerennialConfig config = loader(environment).flags(Map.of("admin.port", "1003")).load();

    assertThat(config.shards()).isEqualTo(1);
    assertThat(config.publicListener().port()).isEqualTo(2);
    assertThat(config.adminListener().port()).isEqualTo(1003);
  }

  @Test
  void aListOfTheEnvironmentReplacesTheFiles() throws IOException {
    yaml("perennial:\n  connect:\n    return-origins: [https://a.example, https://b.example]\n");

    assertThat(loader(Map.of()).load().connect().returnOrigins())
        .contains(List.of("https://a.example", "https://b.example"));
    assertThat(
            loader(Map.of("PERENNIAL_CONNECT_RETURN_ORIGINS", "https://c.example"))
                .load()
                .connect()
                .returnOrigins())
        .contains(List.of("https://c.example"));
  }

  @Test
  void leadTimesAreAListOrNone() throws IOException {
    yaml("perennial:\n  refresh:\n    expiring-leads: [1d, 2h, 24h]\n");

    assertThat(loader(Map.of()).load().refresh().expiringLeads().all())
        .containsExactly(Duration.ofHours(2), Duration.ofDays(1));
    assertThat(leads("none").load().refresh().expiringLeads().all()).isEmpty();
    for (String wrong :
        List.of("59s", "1d,", "3651d", "1d,soon", "1m,2m,3m,4m,5m,6m,7m,8m,9m,10m,11m")) {
      assertThatExceptionOfType(ConfigProblems.class)
          .as(wrong)
          .isThrownBy(() -> leads(wrong).load())
          .withMessageContaining("PERENNIAL_REFRESH_EXPIRING_LEADS");
    }
  }

  private ConfigLoader leads(String text) {
    return loader(Map.of("PERENNIAL_REFRESH_EXPIRING_LEADS", text));
  }

  @Test
  void anEmptyValueCountsAsNotGiven() throws IOException {
    yaml("perennial:\n  shards:\n  refresh:\n    margin: ''\n  kafka:\n");

    PerennialConfig config = loader(Map.of("PERENNIAL_DRAIN", "")).load();

    assertThat(config.shards()).isEqualTo(64);
    assertThat(config.refresh().margin()).isEmpty();
    assertThat(config.drain()).hasSeconds(45);
  }

  @Test
  void aKafkaPropertyMayBeEmptyAndIsWrittenNestedOrDotted() throws IOException {
    yaml(
        """
        perennial:
          kafka:
            properties:
              ssl:
                endpoint.identification.algorithm: ''
              sasl.mechanism: PLAIN
        """);

    assertThat(loader(Map.of()).load().kafka().properties())
        .isEqualTo(
            Map.of(
                "ssl.endpoint.identification.algorithm", Secret.of(""),
                "sasl.mechanism", Secret.of("PLAIN")));
  }

  @Test
  void aDollarSignInAValueMeansNothing() {
    PerennialConfig config =
        loader(Map.of("PERENNIAL_ADMIN_TOKEN", "${HOME}-is-not-looked-up")).load();

    assertThat(config.adminListener().token()).contains(Secret.of("${HOME}-is-not-looked-up"));
  }

  @Test
  void everyProblemIsToldAtOnceWithItsPlaceAndAHint() throws IOException {
    yaml(
        """
        perennial:
          shards: many
          refresh:
            laese: 10s
          scheduler:
            claim: 500
        kafka:
          bootstrap-servers: a:1
        """);
    Map<String, String> environment =
        Map.of("PERENNIAL_DRIAN", "1m", "PERENNIAL_GOOGLE_CLIENT_IT", "x", "PERENNIAL_DRAIN", "45");

    assertThat(
            problems(
                loader(environment)
                    .variables(_ -> Optional.of(Set.of("PERENNIAL_GOOGLE_CLIENT_ID")))))
        .extracting(problem -> problem.toString().replace(directory + "/", "").strip())
        .containsExactlyInAnyOrder(
            "perennial.yaml:2: perennial.shards: 'many': expected a whole number",
            "perennial.yaml:4: perennial.refresh.laese: not a key (did you mean"
                + " perennial.refresh.lease?)",
            "perennial.yaml:6: perennial.scheduler.claim: '500': not within 1 to 200",
            "perennial.yaml:8: kafka.bootstrap-servers: not a key: everything stands under"
                + " 'perennial:' (did you mean perennial.kafka.bootstrap-servers?)",
            "environment: PERENNIAL_DRAIN: '45': expected a duration with its unit: 250ms, 30s,"
                + " 10m, 6h, 1d",
            "environment: PERENNIAL_DRIAN: neither a configuration key nor a variable that a"
                + " definition declares (did you mean PERENNIAL_DRAIN?)",
            "environment: PERENNIAL_GOOGLE_CLIENT_IT: neither a configuration key nor a variable"
                + " that a definition declares (did you mean PERENNIAL_GOOGLE_CLIENT_ID?)");
  }

  @Test
  void aKeyThatIsNoMoreSaysWhatToDoInstead() throws IOException {
    DefunctKey renamed =
        new DefunctKey("perennial.kafka.servers", "9.9.0", "use kafka.bootstrap-servers");
    yaml("perennial:\n  kafka:\n    servers: a:1\n");

    assertThat(
            problems(
                loader(Map.of("PERENNIAL_KAFKA_SERVERS", "b:2"))
                    .defunct(List.of(renamed))
                    .variables(_ -> Optional.of(Set.of()))))
        .extracting(problem -> problem.toString().replace(directory + "/", "").strip())
        .containsExactly(
            "perennial.yaml:3: perennial.kafka.servers: no key any more since 9.9.0 (use"
                + " kafka.bootstrap-servers)",
            "environment: PERENNIAL_KAFKA_SERVERS: no key any more since 9.9.0 (use"
                + " kafka.bootstrap-servers)");
  }

  @Test
  void aDefunctKeyIsNoKeyAndNamesItsVersion() {
    assertThat(DefunctKey.ALL)
        .allSatisfy(key -> {
          assertThat(ConfigKey.find(key.name())).as("still a key: " + key.name()).isNull();
          assertThat(key.name()).startsWith(ConfigKey.ROOT);
          assertThat(key.since()).matches("\\d+\\.\\d+\\.\\d+");
        });
  }

  @Test
  void aFileThatIsNoMappingIsRefused() throws IOException {
    yaml("just text\n");
    assertThat(problems(loader(Map.of()))).hasSize(1);
    yaml("- a\n- b\n");
    assertThat(problems(loader(Map.of()))).hasSize(1);
    yaml("perennial:\n  shards: [\n");
    assertThat(problems(loader(Map.of())).getFirst().message()).startsWith("not YAML");
    yaml("perennial: &a\n  kafka: *a\n");
    assertThat(problems(loader(Map.of()))).isNotEmpty();
    yaml("# nothing but a remark\n");
    assertThat(loader(Map.of()).load().shards()).isEqualTo(64);
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() throws IOException {
    yaml("perennial:\n  shards: 8\n  shards: 9\n");

    assertThat(problems(loader(Map.of())).getFirst())
        .isEqualTo(
            new Problem(
                directory.resolve("perennial.yaml") + ":3",
                "perennial.shards",
                "stands here twice",
                "keep one"));
  }

  @Test
  void aNamedFileMustBeThere() {
    assertThat(problems(loader(Map.of()).file(directory.resolve("gone.yaml"))).getFirst().message())
        .isEqualTo("there is no such file");
  }

  @Test
  void noSecretIsInAProblem() {
    Map<String, String> environment =
        Map.of(
            "PERENNIAL_REDIS_URI", "redis//user:planted-secret@host",
            "PERENNIAL_ADMIN_TOKEN", "planted-secret");

    assertThatExceptionOfType(ConfigProblems.class)
        .isThrownBy(() -> loader(environment).load())
        .satisfies(it -> assertThat(it.problems()).hasSize(2))
        .withMessageNotContaining("planted");
  }

  @Test
  void whatBelongsToAnotherKindOfRedisIsAProblem() {
    Map<String, String> environment =
        Map.of(
            "PERENNIAL_REDIS_URI", "redis-cluster://a,b",
            "PERENNIAL_REDIS_TLS_CA", "ca.pem",
            "PERENNIAL_REDIS_TLS_KEY", "key.pem",
            "PERENNIAL_REDIS_SENTINEL_USERNAME", "watcher");

    assertThat(problems(loader(environment)))
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "redis.tls says nothing: redis.uri is not over TLS",
            "redis.tls.certificate and redis.tls.key go together",
            "redis.sentinel says nothing: redis.uri names no sentinels",
            "redis.sentinel.username without redis.sentinel.password");
  }

  @Test
  void timesThatOnlyMakeSenseTogetherAreChecked() {
    assertThat(problems(loader(Map.of("PERENNIAL_REFRESH_LEASE", "20s"))))
        .containsExactly(
            new Problem(
                "environment",
                "PERENNIAL_REFRESH_LEASE",
                "refresh.deadline (30s) must be shorter than refresh.lease (20s)",
                ""));
    assertThat(problems(loader(Map.of("PERENNIAL_REFRESH_REEMIT", "120s")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_DRAIN", "30s")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_REFRESH_BACKOFF_FIRST", "11m")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_EXCHANGER_PER_INTEGRATION", "4096")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_ADMIN_PORT", "8080")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_KEYS_FILE", "a", "PERENNIAL_KEYS_KEYSET", "{}"))))
        .hasSize(1);
  }

  @Test
  void formsAreChecked() {
    for (String url :
        List.of(
            "http://connect.example.com",
            "https://connect.example.com/",
            "https://u:p@connect.example.com",
            "https://connect.example.com?a=b",
            "connect.example.com",
            "mailto:a@example.com",
            "ftp://connect.example.com")) {
      assertThat(problems(loader(Map.of("PERENNIAL_PUBLIC_URL", url)))).as(url).hasSize(1);
    }
    for (String url :
        List.of(
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://app.localhost",
            "https://a.b/c")) {
      assertThat(loader(Map.of("PERENNIAL_PUBLIC_URL", url)).load()).as(url).isNotNull();
    }
    for (String origin : List.of("https://a.example/", "https://a.example/x", "a.example", "*")) {
      assertThat(problems(loader(Map.of("PERENNIAL_CONNECT_RETURN_ORIGINS", origin))))
          .as(origin)
          .hasSize(1);
    }
    assertThat(problems(loader(Map.of("PERENNIAL_KAFKA_BOOTSTRAP_SERVERS", "broker")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_TOPICS_PREFIX", "a/b")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_REDIS_PREFIX", "a{b}")))).hasSize(1);
    assertThat(problems(loader(Map.of("PERENNIAL_KAFKA_PROPERTIES_ACKS", "1")))).hasSize(1);
  }

  @Test
  void variablesAreNotCheckedWhereTheDefinitionsAreNotAtHand() {
    assertThat(loader(Map.of("PERENNIAL_GOOGLE_CLIENT_ID", "x")).load()).isNotNull();
  }

  @Test
  void aVariableWithTheNameOfAKeyIsRefused() {
    List<Problem> problems =
        problems(
            loader(Map.of())
                .variables(_ ->
                    Optional.of(Set.of("PERENNIAL_PUBLIC_URL", "PERENNIAL_KAFKA_PROPERTIES_X"))));

    assertThat(problems)
        .extracting(Problem::key)
        .containsExactly("PERENNIAL_KAFKA_PROPERTIES_X", "PERENNIAL_PUBLIC_URL");
  }

  @Test
  void theDefinitionsAreLookedForWhereTheConfigurationSays() {
    loader(Map.of("PERENNIAL_INTEGRATIONS_DIRECTORY", "here"))
        .variables(where -> {
          assertThat(where).isEqualTo(Path.of("here"));
          return Optional.empty();
        })
        .load();
  }

  @Test
  void theSecretsFileIsCheckedToo() throws IOException {
    Path secrets = directory.resolve("secrets");
    Files.writeString(
        secrets,
        "PERENNIAL_GOOGLE_CLIENT_ID=x\n"
            + "PERENNIAL_ADMIN_TOKEN=y\n"
            + "PERENNIAL_GOGLE_CLIENT_ID=z\n"
            + "planted\n");
    Map<String, String> environment = Map.of("PERENNIAL_SECRETS_FILE", secrets.toString());

    List<Problem> problems =
        problems(
            loader(environment).variables(_ -> Optional.of(Set.of("PERENNIAL_GOOGLE_CLIENT_ID"))));

    assertThat(problems)
        .extracting(Problem::key)
        .containsExactlyInAnyOrder("", "PERENNIAL_ADMIN_TOKEN", "PERENNIAL_GOGLE_CLIENT_ID");
    assertThat(problems.toString()).doesNotContain("planted");
  }

  private ConfigLoader loader(Map<String, String> environment) {
    return new ConfigLoader(directory, environment);
  }

  private void yaml(String text) throws IOException {
    Files.writeString(directory.resolve("perennial.yaml"), text);
  }

  private static List<Problem> problems(ConfigLoader loader) {
    try {
      loader.load();
      return List.of();
    } catch (ConfigProblems e) {
      return e.problems();
    }
  }
}
