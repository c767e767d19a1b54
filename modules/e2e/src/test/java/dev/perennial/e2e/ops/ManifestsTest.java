package dev.perennial.e2e.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Role;
import dev.perennial.e2e.ops.Cluster.Pods;
import dev.perennial.e2e.ops.Network.Other;
import dev.perennial.event.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything under {@code ops} against Kubernetes's models and against our own code. */
class ManifestsTest {
  /** What a process takes to say goodbye after its drain; NodeRunner has the same. */
  private static final Duration GOODBYES = Duration.ofSeconds(30);

  private static final Set<String> CALL_PROVIDERS = Set.of("ingress", "exchanger", "credentials");

  @TempDir private Path directory;

  static Stream<Named<Cluster>> renderings() {
    return Renderings.all();
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyObjectIsWhatItsModelAllows(Cluster cluster) {
    assertThat(cluster.objects())
        .isNotEmpty()
        .allSatisfy(object -> assertThat(Models.read(object)).isNotNull());
  }

  /** Else the test before could not fail. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: apps/v1, kind: Deployment, spec: {selector: {}, template: {spec:"
            + " {containers: [{name: a, imagee: b}]}}}}",
        "{apiVersion: apps/v1, kind: Deployment, spec: {selector: {}, template: {spec:"
            + " {containers: [{image: b}]}}}}",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {}, egres:"
            + " []}}",
        "{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, spec: {selector: {},"
            + " podMetricsEndpoints: [{port: a, pathh: b}]}}",
        "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec:"
            + " {scaleTargetReff: {name: a}, triggers: []}}",
        "{apiVersion: v1, kind: Secret}"
      })
  void whatAModelDoesNotAllowIsRefused(String yaml) {
    JsonObject object = Tree.document(yaml).getAsJsonObject();
    assertThatThrownBy(() -> Models.read(object)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyNameIsGivenOnceAndInOneNamespace(Cluster cluster) {
    assertThat(cluster.objects())
        .extracting(it -> Tree.string(it, "kind") + "/" + Tree.string(it, "metadata/name"))
        .doesNotHaveDuplicates();
    assertThat(cluster.objects())
        .extracting(it -> Tree.string(it, "metadata/namespace"))
        .containsOnly("perennial");
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyProcessFindsAConfigurationThatItTakes(Cluster cluster) {
    for (Pods pods : cluster.pods()) {
      PerennialConfig config = new PodEnvironment(cluster, pods, directory).load();
      assertThat(config.adminListener().host()).isEqualTo("0.0.0.0");
      assertThat(config.publicListener().url().getScheme()).isEqualTo("https");
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyFileOfTheConfigurationIsMounted(Cluster cluster) {
    for (Pods pods : cluster.roles()) {
      PodEnvironment environment = new PodEnvironment(cluster, pods, directory);
      PerennialConfig config = environment.load();
      List<String> files = new ArrayList<>();
      config.keys().file().ifPresent(it -> files.add(it.toString()));
      config.adminListener().apiKeys().ifPresent(it -> files.add(it.toString()));
      var trust = config.kafka().properties().get("ssl.truststore.location");
      if (trust != null) {
        files.add(trust.reveal());
      }
      config.redis().tls().ca().ifPresent(it -> files.add(it.toString()));
      files.addAll(environment.replaced());
      assertThat(files).hasSizeGreaterThanOrEqualTo(3).allMatch(environment::isMounted);
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyRoleIsRunByADeploymentOfItsOwn(Cluster cluster) {
    List<String> roles = Arrays.stream(Role.values()).map(Role::text).toList();
    assertThat(cluster.roles())
        .extracting(Pods::component)
        .containsExactlyInAnyOrderElementsOf(roles);
    assertThat(cluster.roles())
        .allSatisfy(it -> {
          assertThat(Tree.strings(it.container(), "args")).startsWith("run", it.component());
          assertThat(it.name()).isEqualTo("perennial-" + it.component());
        });
    assertThat(cluster.pods())
        .filteredOn(it -> it.kind().equals("Job"))
        .singleElement()
        .satisfies(it ->
            assertThat(Tree.strings(it.container(), "args")).startsWith("topics", "--config"));
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyRoleIsProbedOnItsAdminListener(Cluster cluster) {
    for (Pods pods : cluster.roles()) {
      PerennialConfig config = new PodEnvironment(cluster, pods, directory).load();
      assertThat(pods.port("admin")).isEqualTo(config.adminListener().port());
      assertThat(pods.port("public"))
          .isEqualTo(pods.component().equals("ingress") ? config.publicListener().port() : -1);
      probe(pods, "startupProbe", "/health/live");
      probe(pods, "livenessProbe", "/health/live");
      probe(pods, "readinessProbe", "/health/ready");
    }
  }

  private static void probe(Pods pods, String name, String path) {
    JsonElement probe = Tree.at(pods.container(), name);
    assertThat(Tree.string(probe, "httpGet/path")).isEqualTo(path);
    assertThat(Tree.string(probe, "httpGet/port")).isEqualTo("admin");
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void nobodyIsKilledBeforeItHasDrained(Cluster cluster) {
    for (Pods pods : cluster.roles()) {
      Duration drain = new PodEnvironment(cluster, pods, directory).load().drain();
      long pause = number(pods.container(), "lifecycle/preStop/sleep/seconds");
      assertThat(number(pods.spec(), "terminationGracePeriodSeconds"))
          .as(pods.name())
          .isGreaterThan(pause + drain.plus(GOODBYES).toSeconds());
    }
  }

  private static long number(JsonElement tree, String path) {
    JsonElement place = Tree.at(tree, path);
    return place.isJsonNull() ? 0 : place.getAsLong();
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyPodGivesUpWhatItDoesNotNeed(Cluster cluster) {
    assertThat(cluster.pods())
        .allSatisfy(pods -> {
          assertThat(pods.spec())
              .satisfies(
                  is("automountServiceAccountToken", "false"),
                  is("enableServiceLinks", "false"),
                  is("serviceAccountName", "perennial"),
                  is("securityContext/runAsNonRoot", "true"),
                  is("securityContext/runAsUser", "65532"),
                  is("securityContext/seccompProfile/type", "RuntimeDefault"));
          assertThat(pods.container())
              .satisfies(
                  is("securityContext/allowPrivilegeEscalation", "false"),
                  is("securityContext/readOnlyRootFilesystem", "true"),
                  is("securityContext/capabilities/drop/0", "ALL"),
                  is("resources/limits/cpu", ""));
          assertThat(Tree.string(pods.container(), "resources/requests/memory"))
              .isNotEmpty()
              .isEqualTo(Tree.string(pods.container(), "resources/limits/memory"));
          assertThat(Tree.string(pods.container(), "resources/requests/cpu")).isNotEmpty();
          assertThat(Tree.string(pods.container(), "image")).contains("/").contains(":");
          for (String foreign : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(Tree.at(pods.spec(), foreign).isJsonNull()).isTrue();
          }
        });
  }

  private static Consumer<JsonElement> is(String path, String value) {
    return tree -> assertThat(Tree.string(tree, path)).as(path).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyRoleIsSpreadAndMayLoseOneAtATime(Cluster cluster) {
    for (Pods pods : cluster.roles()) {
      List<JsonElement> spread = Tree.list(pods.spec(), "topologySpreadConstraints");
      assertThat(spread)
          .extracting(it -> Tree.string(it, "topologyKey"))
          .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
      assertThat(spread)
          .allSatisfy(it ->
              assertThat(cluster.selected(Tree.at(it, "labelSelector"))).containsExactly(pods));
      JsonObject budget = cluster.one("PodDisruptionBudget", pods.name());
      assertThat(cluster.selected(Tree.at(budget, "spec/selector"))).containsExactly(pods);
      assertThat(Tree.string(budget, "spec/maxUnavailable")).isEqualTo("1");
      JsonObject deployment = cluster.one("Deployment", pods.name());
      assertThat(cluster.selected(Tree.at(deployment, "spec/selector"))).containsExactly(pods);
    }
    assertThat(cluster.all("PodDisruptionBudget")).hasSameSizeAs(cluster.roles());
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyServiceLeadsToItsRole(Cluster cluster) {
    Map<String, String> ports =
        Map.of("perennial-ingress", "public", "perennial-credentials", "admin");
    assertThat(cluster.all("Service"))
        .extracting(it -> Tree.string(it, "metadata/name"))
        .containsExactlyInAnyOrderElementsOf(ports.keySet());
    ports.forEach((name, port) -> {
      JsonObject service = cluster.one("Service", name);
      Map<String, String> selector = Tree.map(service, "spec/selector");
      assertThat(cluster.pods())
          .filteredOn(it -> it.labels().entrySet().containsAll(selector.entrySet()))
          .singleElement()
          .satisfies(it -> assertThat(it.name()).isEqualTo(name))
          .satisfies(it -> assertThat(it.port(port)).isPositive());
      assertThat(Tree.string(service, "spec/ports/0/targetPort")).isEqualTo(port);
    });
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void browsersAreLedToTheIngressAloneUnderThePublicUrl(Cluster cluster) {
    String host =
        new PodEnvironment(cluster, cluster.roles().getFirst(), directory)
            .load()
            .publicListener()
            .url()
            .getHost();
    List<String> hosts = new ArrayList<>();
    List<String> services = new ArrayList<>();
    for (JsonObject route : cluster.all("HTTPRoute")) {
      hosts.addAll(Tree.strings(route, "spec/hostnames"));
      JsonElement backend = Tree.at(route, "spec/rules/0/backendRefs/0");
      services.add(Tree.string(backend, "name"));
      JsonObject service = cluster.one("Service", Tree.string(backend, "name"));
      assertThat(Tree.string(backend, "port")).isEqualTo(Tree.string(service, "spec/ports/0/port"));
    }
    for (JsonObject ingress : cluster.all("Ingress")) {
      hosts.add(Tree.string(ingress, "spec/rules/0/host"));
      hosts.addAll(Tree.strings(ingress, "spec/tls/0/hosts"));
      JsonElement backend = Tree.at(ingress, "spec/rules/0/http/paths/0/backend/service");
      services.add(Tree.string(backend, "name"));
      assertThat(Tree.string(backend, "port/name")).isEqualTo("public");
    }
    assertThat(hosts).isNotEmpty().containsOnly(host);
    assertThat(services).containsExactly("perennial-ingress");
  }

  /** Grafana's sidecar finds it by the label. */
  @ParameterizedTest
  @MethodSource("renderings")
  void whoBringsTheRulesBringsTheDashboardOfComposeWordForWord(Cluster cluster) {
    String dashboard = Tree.text(Path.of("../../docker/compose/grafana/dashboards/perennial.json"));
    List<JsonObject> dashboards =
        cluster.all("ConfigMap").stream()
            .filter(it -> Tree.map(it, "metadata/labels").containsKey("grafana_dashboard"))
            .toList();
    assertThat(dashboards).hasSameSizeAs(cluster.all("PrometheusRule"));
    assertThat(dashboards)
        .allSatisfy(it -> {
          assertThat(Tree.map(it, "metadata/labels")).containsEntry("grafana_dashboard", "1");
          assertThat(Tree.map(it, "data")).containsOnly(Map.entry("perennial.json", dashboard));
        });
  }

  @Test
  void theDashboardIsBroughtByKustomizeAndByTheChart() {
    assertThat(Renderings.all())
        .filteredOn(it -> !it.getPayload().all("PrometheusRule").isEmpty())
        .extracting(Named::getName)
        .contains("kustomize production", "helm production");
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void secretsAreReferencesOnly(Cluster cluster) {
    assertThat(cluster.all("Secret")).isEmpty();
    for (Pods pods : cluster.pods()) {
      PodEnvironment environment = new PodEnvironment(cluster, pods, directory);
      Set<String> secret = secretKeys();
      assertThat(environment.literals()).noneMatch(secret::contains);
      assertThat(environment.literals()).noneMatch(it -> it.endsWith("SASL_JAAS_CONFIG"));
    }
    Pattern given =
        Pattern.compile(
            "(?m)^\\s*(uri|redis\\.uri|token|keyset|sasl\\.jaas\\.config|\\S*password\\S*):");
    for (JsonObject map : cluster.all("ConfigMap")) {
      Tree.map(map, "data")
          .forEach((file, text) -> {
            if (file.equals("perennial.yaml")) {
              assertThat(text).doesNotContainPattern(given);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everySecretIsAmongThoseThatTheDocumentationTellsToMake(Cluster cluster) {
    String documentation = Tree.text(Path.of("../../docs/kubernetes.md"));
    Set<String> secrets = new TreeSet<>();
    cluster.objects().forEach(object -> collectSecrets(object, secrets));
    assertThat(secrets)
        .hasSizeGreaterThan(4)
        .allSatisfy(it -> assertThat(documentation).contains("| `" + it + "` |"));
  }

  private static void collectSecrets(JsonElement tree, Set<String> names) {
    if (tree instanceof JsonObject object) {
      object
          .asMap()
          .forEach((key, value) -> {
            if (key.equals("secretName")) {
              names.add(value.getAsString());
            } else if (Set.of("secretKeyRef", "credentials", "secretTargetRef").contains(key)) {
              names.add(Tree.string(value.isJsonArray() ? Tree.at(value, "0") : value, "name"));
            }
            collectSecrets(value, names);
          });
    } else if (tree.isJsonArray()) {
      tree.getAsJsonArray().forEach(each -> collectSecrets(each, names));
    }
  }

  /** The environment's names of secret keys, from the documentation. */
  private static Set<String> secretKeys() {
    Matcher row =
        Pattern.compile("(?m)^\\| `[^`]+` \\| `(PERENNIAL_\\w+)` \\| [^|]*\\*secret\\*")
            .matcher(Tree.text(Path.of("../../docs/configuration.md")));
    Set<String> keys = new TreeSet<>();
    while (row.find()) {
      keys.add(String.valueOf(row.group(1)));
    }
    assertThat(keys).contains("PERENNIAL_REDIS_URI", "PERENNIAL_ADMIN_TOKEN");
    return keys;
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void nothingIsReachedThatNobodyNeeds(Cluster cluster) {
    Network network = new Network(cluster);
    for (Pods pods : cluster.pods()) {
      assertThat(network.isClosed(pods, "Ingress")).isTrue();
      assertThat(network.isClosed(pods, "Egress")).isTrue();
      for (String address :
          List.of(
              "10.96.0.1",
              "172.16.5.4",
              "192.168.1.1",
              "169.254.169.254",
              "100.100.100.200",
              "127.0.0.1",
              "fd00:ec2::254",
              "fe80::1",
              "::1",
              "64:ff9b::a00:1",
              "2002:a00:1::")) {
        assertThat(network.out(pods, Other.outside(address), 443))
            .as(pods + " " + address)
            .isFalse();
      }
      assertThat(network.out(pods, Other.outside("93.184.215.14"), 443))
          .as(pods.name())
          .isEqualTo(CALL_PROVIDERS.contains(pods.component()));
      assertThat(network.out(pods, Other.outside("2606:4700::1111"), 443))
          .isEqualTo(CALL_PROVIDERS.contains(pods.component()));
      assertThat(network.out(pods, Other.outside("93.184.215.14"), 80)).isFalse();
      assertThat(network.out(pods, Other.pod("default", Map.of()), 443)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void whatIsNeededIsReached(Cluster cluster) {
    Network network = new Network(cluster);
    for (Pods pods : cluster.pods()) {
      PodEnvironment environment = new PodEnvironment(cluster, pods, directory);
      String kafka = environment.load().kafka().bootstrapServers();
      int port = Integer.parseInt(kafka.substring(kafka.indexOf(':') + 1));
      assertThat(network.out(pods, Other.pod("kafka", Map.of("any", "broker")), port)).isTrue();
      assertThat(network.out(pods, Other.pod("kube-system", Map.of("k8s-app", "kube-dns")), 53))
          .isTrue();
      boolean redis =
          network.out(pods, Other.pod("redis", Map.of()), 6379)
              || network.out(pods, Other.outside("10.20.30.7"), 6379);
      assertThat(redis).isEqualTo(pods.kind().equals("Deployment"));
    }
  }

  @Test
  void aKmsIsReachedByEveryRoleWhereOneIsNamedAndByNobodyElse() {
    for (Named<Cluster> rendering : renderings().toList()) {
      Cluster cluster = rendering.getPayload();
      Network network = new Network(cluster);
      boolean named = rendering.getName().endsWith("kms");
      for (Pods pods : cluster.pods()) {
        boolean role = pods.kind().equals("Deployment");
        PerennialConfig config = new PodEnvironment(cluster, pods, directory).load();
        if (role) {
          assertThat(config.keys().kmsUri().isPresent()).isEqualTo(named);
        }
        assertThat(network.out(pods, Other.outside("10.20.40.7"), 443))
            .as(rendering.getName() + " " + pods)
            .isEqualTo(named && role);
        assertThat(network.out(pods, Other.outside("10.20.40.7"), 80)).isFalse();
        assertThat(network.out(pods, Other.outside("10.20.41.7"), 443)).isFalse();
      }
    }
  }

  @Test
  void aCollectorIsReachedByEveryRoleWhereOneIsNamedAndByNobodyElse() {
    for (Named<Cluster> rendering : renderings().toList()) {
      Cluster cluster = rendering.getPayload();
      Network network = new Network(cluster);
      boolean named = rendering.getName().endsWith("traces");
      for (Pods pods : cluster.pods()) {
        boolean role = pods.kind().equals("Deployment");
        PerennialConfig.Trace trace = new PodEnvironment(cluster, pods, directory).load().trace();
        int port = trace.otlpEndpoint().map(URI::getPort).orElse(4318);
        if (role) {
          assertThat(trace.otlpEndpoint().isPresent()).isEqualTo(named);
          assertThat(trace.sample()).isEqualTo(named ? 0.05 : 1);
        }
        assertThat(network.out(pods, Other.pod("observability", Map.of()), port))
            .as(rendering.getName() + " " + pods)
            .isEqualTo(named && role);
        assertThat(network.out(pods, Other.pod("observability", Map.of()), 443)).isFalse();
      }
    }
  }

  @Test
  void sentinelsAreReachedWhereThereAreAnyAndTheBusOfAClusterNever() {
    for (Named<Cluster> rendering : renderings().toList()) {
      Cluster cluster = rendering.getPayload();
      Network network = new Network(cluster);
      boolean sentinels = rendering.getName().endsWith("sentinel");
      boolean own = sentinels || rendering.getName().endsWith("cluster");
      for (Pods pods : cluster.roles()) {
        PerennialConfig.Redis redis = new PodEnvironment(cluster, pods, directory).load().redis();
        Other server = Other.pod("redis", Map.of());
        assertThat(network.out(pods, server, 26_379)).isEqualTo(sentinels);
        assertThat(network.out(pods, server, 16_379)).isFalse();
        assertThat(redis.sentinel().password().isPresent()).isEqualTo(sentinels);
        assertThat(redis.tls().ca().isPresent()).isEqualTo(own);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyDoorHasItsOwnVisitors(Cluster cluster) {
    Network network = new Network(cluster);
    Other controller = Other.pod("ingress", Map.of());
    Other prometheus = Other.pod("monitoring", Map.of());
    Other client = Other.pod("crm", Map.of("perennial.dev/admin-api-client", "true"));
    Other stranger = Other.pod("crm", Map.of());
    for (Pods pods : cluster.roles()) {
      boolean ingress = pods.component().equals("ingress");
      assertThat(network.in(pods, controller, 8080)).isEqualTo(ingress);
      assertThat(network.in(pods, controller, 8081)).isFalse();
      assertThat(network.in(pods, prometheus, 8081)).isTrue();
      assertThat(network.in(pods, prometheus, 8080)).isFalse();
      assertThat(network.in(pods, client, 8081)).isEqualTo(pods.component().equals("credentials"));
      assertThat(network.in(pods, stranger, 8081)).isFalse();
      assertThat(network.in(pods, stranger, 8080)).isFalse();
      assertThat(network.in(pods, Other.outside("93.184.215.14"), 8080)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void exchangersAreScaledByTheirOwnGroups(Cluster cluster) {
    for (JsonObject scaled : cluster.all("ScaledObject")) {
      Keda.ScaledObject object = (Keda.ScaledObject) Models.read(scaled);
      JsonObject target = cluster.one("Deployment", object.spec().scaleTargetRef().name());
      assertThat(Tree.at(target, "spec/replicas").isJsonNull()).isTrue();
      Pods pods = cluster.selected(Tree.at(target, "spec/selector")).getFirst();
      PerennialConfig config = new PodEnvironment(cluster, pods, directory).load();
      assertThat(object.spec().maxReplicaCount()).isLessThanOrEqualTo(config.shards());
      assertThat(object.spec().minReplicaCount()).isGreaterThanOrEqualTo(2);
      for (Keda.Trigger trigger : object.spec().triggers()) {
        if (trigger.type().equals("kafka")) {
          kafka(trigger, pods, config);
        } else {
          assertThat(pods.component()).isEqualTo("scheduler");
          assertThat(Keda.parameter(trigger, "query")).contains("perennial_due_backlog");
        }
      }
      if (pods.component().equals("exchanger")) {
        Topics topics = new Topics(config.topics().prefix());
        assertThat(object.spec().triggers())
            .extracting(it -> it.metadata().get("topic"))
            .containsExactlyInAnyOrder(topics.codeReceived(), topics.refreshDue());
      }
    }
  }

  private static void kafka(Keda.Trigger trigger, Pods pods, PerennialConfig config) {
    Map<String, Object> metadata = trigger.metadata();
    String prefix = config.topics().prefix();
    String last = Keda.parameter(trigger, "topic").substring(prefix.length() + 1);
    assertThat(metadata)
        .containsEntry("bootstrapServers", config.kafka().bootstrapServers())
        .containsEntry("consumerGroup", prefix + "." + pods.component() + "." + last);
    var protocol = config.kafka().properties().get("security.protocol");
    boolean tls = protocol != null && protocol.reveal().equals("SASL_SSL");
    assertThat("enable".equals(metadata.get("tls"))).isEqualTo(tls);
    assertThat(trigger.authenticationRef() != null).isEqualTo(tls);
    if (last.equals("refresh-due")) { // what is in flight is lag too
      assertThat(Integer.parseInt(Keda.parameter(trigger, "lagThreshold")))
          .isGreaterThan(config.exchanger().maxInFlight());
    }
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void everyRoleIsScraped(Cluster cluster) {
    for (JsonObject monitor : cluster.all("PodMonitor")) {
      assertThat(cluster.selected(Tree.at(monitor, "spec/selector")))
          .containsExactlyInAnyOrderElementsOf(cluster.roles());
      assertThat(Tree.string(monitor, "spec/podMetricsEndpoints/0/port")).isEqualTo("admin");
      assertThat(Tree.string(monitor, "spec/podMetricsEndpoints/0/path")).isEqualTo("/metrics");
    }
  }

  @Test
  void productionHasWhatSmallHasNot() {
    for (Named<Cluster> rendering : renderings().toList()) {
      boolean production = !rendering.getName().endsWith("small");
      Cluster cluster = rendering.getPayload();
      assertThat(cluster.all("ScaledObject")).hasSize(production ? 2 : 0);
      assertThat(cluster.all("PodMonitor")).hasSize(production ? 1 : 0);
      for (Pods pods : cluster.roles()) {
        PerennialConfig config = new PodEnvironment(cluster, pods, directory).load();
        assertThat(config.kafka().properties().containsKey("sasl.jaas.config"))
            .isEqualTo(production);
        String zone = Tree.string(pods.spec(), "topologySpreadConstraints/0/whenUnsatisfiable");
        assertThat(zone).isEqualTo(production ? "DoNotSchedule" : "ScheduleAnyway");
      }
    }
  }

  /** Without enableServiceLinks: false our own Services would stop every process at its start. */
  @Test
  void aServiceLinkInTheEnvironmentIsRefused() {
    Cluster cluster = renderings().findFirst().orElseThrow().getPayload();
    PodEnvironment environment = new PodEnvironment(cluster, cluster.roles().getFirst(), directory);
    assertThatCode(environment::load).doesNotThrowAnyException();
    assertThatThrownBy(
            () -> environment.loadWith(Map.of("PERENNIAL_CREDENTIALS_SERVICE_HOST", "10.0.0.1")))
        .hasMessageContaining("PERENNIAL_CREDENTIALS_SERVICE_HOST");
  }

  @Test
  void aValueThatTheChartDoesNotKnowIsRefused() {
    assertThatThrownBy(() ->
            new Helm(Renderings.CHART)
                .template()
                .withKubeVersion("1.30.0")
                .set("replica", "2")
                .call())
        .hasMessageContaining("replica");
  }

  @Test
  void anEndpointToWhichNoWayIsOpenIsRefused() {
    assertThatThrownBy(() ->
            new Helm(Renderings.CHART)
                .template()
                .withKubeVersion("1.30.0")
                .set("config.trace.otlp-endpoint", "http://otel-collector.observability:4318")
                .call())
        .hasMessageContaining("network.traces.to");
  }

  @Test
  void theDefinitionThatComesAlongIsTheCataloguesOwn() {
    String own = Tree.text(Path.of("../../integrations/google.json"));
    assertThat(Tree.text(Renderings.KUSTOMIZE.resolve("base/integrations/google.json")))
        .isEqualTo(own);
    assertThat(Tree.text(Renderings.CHART.resolve("integrations/google.json"))).isEqualTo(own);
  }
}
