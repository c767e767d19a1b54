package dev.perennial.app.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The compose files name only roles, keys, ports and files that there are; alone, and one over the
 * other.
 */
@ParameterizedClass
@ValueSource(strings = {"compose.yaml", "compose.yaml compose.sentinel.yaml"})
class ComposeTest {
  private static final Path DOCKER = Path.of("../../docker");
  private static final String OURS = "${PERENNIAL_IMAGE:-perennial:latest}";

  private static final Pattern COMMENTED = Pattern.compile("(?m)^ *# (PERENNIAL_\\w+): (\\S+)$");

  private final Map<String, Object> compose;

  ComposeTest(String files) {
    this.compose =
        Stream.of(files.split(" ", -1)).map(ComposeTest::yaml).reduce(Map.of(), ComposeTest::over);
  }

  @Test
  void everyRoleRunsTwice() {
    Map<Role, Integer> roles = new TreeMap<>();
    processes()
        .forEach((name, _) ->
            Role.parse(command(name).substring("run ".length()))
                .forEach(role -> roles.merge(role, 1, Integer::sum)));

    assertThat(roles)
        .hasSize(Role.values().length)
        .allSatisfy((_, n) -> assertThat(n).isEqualTo(2));
  }

  @Test
  void everyProcessIsConfiguredWithKeysThatThereAre() {
    processes().forEach((name, service) -> assertThat(config(service)).as(name).isNotNull());
  }

  /** What whoever wants it takes the {@code #} away from. */
  @Test
  void whatIsCommentedOutIsAKeyToo() throws IOException {
    Map<String, Object> commented = new TreeMap<>();
    COMMENTED
        .matcher(Files.readString(DOCKER.resolve("compose.yaml")))
        .results()
        .forEach(
            line -> commented.put(String.valueOf(line.group(1)), String.valueOf(line.group(2))));
    processes()
        .forEach((name, service) -> {
          Map<String, Object> environment = map(service.get("environment"));
          environment.putAll(commented);
          PerennialConfig.Trace trace = config(Map.of("environment", environment)).trace();
          assertThat(trace.otlpEndpoint()).as(name).isPresent();
          assertThat(trace.sample()).as(name).isBetween(0.01, 0.99);
        });
  }

  @Test
  void everyProcessRunsWithoutRights() {
    processes()
        .forEach((name, service) ->
            assertThat(service)
                .as(name)
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                .doesNotContainKeys("user", "privileged", "cap_add"));
  }

  @Test
  void prometheusAsksTheAdminListenerOfEveryProcess() {
    TreeSet<String> listeners = new TreeSet<>();
    processes()
        .forEach((name, service) -> {
          String network = text(service, "network_mode", "service:" + name);
          int port = config(service).adminListener().port();
          listeners.add(network.substring("service:".length()) + ":" + port);
        });
    List<Object> asked = new ArrayList<>();
    for (Object job : list(yaml("compose/prometheus/prometheus.yml").get("scrape_configs"))) {
      list(map(job).get("static_configs")).forEach(c -> asked.addAll(list(map(c).get("targets"))));
    }

    assertThat(asked).containsExactlyInAnyOrderElementsOf(listeners);
  }

  @Test
  void publishedPortsAreThoseListenedOn() {
    processes()
        .forEach((name, service) -> {
          PerennialConfig config = config(service);
          for (Object port : list(service.getOrDefault("ports", List.of()))) {
            int inside = Integer.parseInt(port.toString().replaceFirst(".*:", ""));
            int expected =
                command(name).equals("run ingress")
                    ? config.publicListener().port()
                    : config.adminListener().port();
            assertThat(inside).as(name).isEqualTo(expected);
          }
        });
  }

  @Test
  void everyProcessAsksARedisOrSentinelsThatThereAre() {
    Set<String> services = map(compose.get("services")).keySet();
    processes()
        .forEach((name, service) -> {
          String uri = text(map(service.get("environment")), "PERENNIAL_REDIS_URI", "");
          String hosts = uri.replaceFirst("^[a-z-]+://", "").replaceFirst("\\?.*", "");
          for (String host : hosts.split(",", -1)) {
            boolean sentinel = uri.startsWith("redis-sentinel:");
            assertThat(host).as(name).endsWith(sentinel ? ":26379" : ":6379");
            assertThat(services).as(name).contains(host.replaceFirst(":.*", ""));
          }
        });
  }

  @Test
  void sentinelsWatchWhatTheProcessesAskThemFor() throws IOException {
    List<String> sentinels =
        map(compose.get("services")).keySet().stream()
            .filter(name -> command(name).contains(" sentinel "))
            .toList();
    String script = Files.readString(DOCKER.resolve("compose/redis/start"));
    processes()
        .forEach((name, service) -> {
          String uri = text(map(service.get("environment")), "PERENNIAL_REDIS_URI", "");
          assertThat(sentinels).as(name).allMatch(uri::contains);
          if (!sentinels.isEmpty()) {
            String master = uri.substring(uri.indexOf("master=") + "master=".length());
            assertThat(script).as(name).contains("sentinel monitor " + master + " redis 6379 2\n");
          }
        });
    assertThat(sentinels).allMatch(name -> command(name).endsWith(" sentinel " + name));
  }

  @Test
  void everythingMountedIsThereButTheSecretsThatAreYetToBeMade() {
    map(compose.get("services"))
        .forEach((name, service) ->
            list(map(service).getOrDefault("volumes", List.of())).stream()
                .map(volume -> volume.toString().replaceFirst(":.*", ""))
                .filter(source -> source.startsWith("./"))
                .filter(source -> !source.startsWith("./compose/secrets/"))
                .forEach(source -> assertThat(DOCKER.resolve(source)).as(name).exists()));
  }

  @Test
  void theDefinitionsAreThoseOfTheSimulatorAtItsPort(@TempDir Path directory) throws IOException {
    DemoProviders providers = new DemoProviders(Duration.ofMinutes(1));
    try (ProviderSimulator simulator = providers.start()) {
      providers.writeDefinitions(directory, simulator);
      for (String name : providers.names().toList()) {
        String written = Files.readString(directory.resolve(name + ".json"));
        assertThat(DOCKER.resolve("compose/integrations/" + name + ".json"))
            .content()
            .isEqualToIgnoringWhitespace(
                written.replace("127.0.0.1:" + simulator.port(), "127.0.0.1:9400"));
      }
    }
    assertThat(command("simulator")).contains("--port 9400");
  }

  /** As compose puts files together: maps into each other, lists one after the other. */
  private static Map<String, Object> over(Map<String, Object> one, Map<String, Object> other) {
    Map<String, Object> both = new TreeMap<>(one);
    other.forEach(
        (key, value) -> both.compute(key, (_, was) -> was == null ? value : merged(was, value)));
    return both;
  }

  private static Object merged(Object one, Object other) {
    if (one instanceof Map && other instanceof Map) {
      return over(map(one), map(other));
    }
    if (one instanceof List && other instanceof List) {
      return Stream.of(one, other).flatMap(it -> list(it).stream()).toList();
    }
    return other;
  }

  private Map<String, Map<String, Object>> processes() {
    Map<String, Map<String, Object>> ours = new TreeMap<>();
    map(compose.get("services"))
        .forEach((name, service) -> {
          if (OURS.equals(map(service).get("image")) && command(name).startsWith("run ")) {
            ours.put(name, map(service));
          }
        });
    return ours;
  }

  private String command(String service) {
    return text(map(map(compose.get("services")).get(service)), "command", "");
  }

  /** As the process would read it, with files of the test where the container has secrets. */
  private static PerennialConfig config(Map<String, Object> service) {
    Map<String, String> environment = new HashMap<>();
    map(service.get("environment"))
        .forEach((name, value) -> environment.put(name, value.toString()));
    assertThat(environment.remove("PERENNIAL_KEYS_FILE")).isEqualTo("/run/secrets/keys.json");
    assertThat(environment.remove("PERENNIAL_SECRETS_FILE")).isEqualTo("/run/secrets/secrets.env");
    environment.put(
        "PERENNIAL_INTEGRATIONS_DIRECTORY", DOCKER.resolve("compose/integrations").toString());
    environment.putAll(new DemoProviders(Duration.ofMinutes(1)).variables());
    return Installation.load(new ConfigLoader(Path.of(""), environment), environment).config();
  }

  private static Map<String, Object> yaml(String file) {
    try {
      return map(
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .load(Files.readString(DOCKER.resolve(file))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Map<String, Object> of, String key, String otherwise) {
    return Objects.toString(of.get(key), otherwise);
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> typed = new TreeMap<>();
    ((Map<?, ?>) Objects.requireNonNull(value))
        .forEach((key, one) -> typed.put(key.toString(), one));
    return typed;
  }

  private static List<Object> list(@Nullable Object value) {
    List<Object> typed = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(value)).forEach(typed::add);
    return typed;
  }
}
