package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator and a user meet while something is away or wrong. */
@ExtendWith(ServersExtension.class)
class OutageTest {
  private static final Pattern ALLOW = Pattern.compile("id=\"allow\" href=\"([^\"]+)\"");

  @Test
  void withoutRedisAndKafkaTheProcessSaysSoWaitsAndStopsWell(Servers servers) {
    String redis = "127.0.0.1:" + Ports.free(0);
    try (Installed installed = Installed.on(servers).definition("any", ANY).build()) {
      Map<String, String> flags = new HashMap<>(installed.flags());
      flags.put("redis.uri", "redis://" + redis);
      try (PoolProcess process =
              PoolProcess.start(installed.directory(), flags, Map.of(), "run", "exchanger");
          Browser browser = new Browser()) {
        process.says("Redis at redis://" + redis + " does not answer");
        String health = "http://127.0.0.1:" + process.port("admin") + "/health/";
        assertThat(browser.open(URI.create(health + "live")).statusCode()).isEqualTo(200);
        HttpResponse<String> ready = browser.open(URI.create(health + "ready"));
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains(redis);
        assertThat(process.stop()).isZero();
      }
    }
  }

  @Test
  void withoutKafkaAloneTheProcessSaysWhyItWaits(Servers servers) {
    String kafka = "127.0.0.1:" + Ports.free(0);
    try (Installed installed = Installed.on(servers).definition("any", ANY).build()) {
      Map<String, String> flags = new HashMap<>(installed.flags());
      flags.put("kafka.bootstrap-servers", kafka);
      try (PoolProcess process =
          PoolProcess.start(installed.directory(), flags, Map.of(), "run", "exchanger")) {
        process.says("Kafka at " + kafka + " did not answer (TimeoutException");
        assertThat(process.stop()).isZero();
      }
    }
  }

  @Test
  void everyMistakeIsListedAndNothingStarts(@TempDir Path directory) throws Exception {
    Path folder = Files.createDirectories(directory.resolve("integrations"));
    Files.writeString(folder.resolve("broken.json"), "{\"oauth\": {\"refreshh\": {}},}");
    Files.writeString(
        folder.resolve("half.json"), "{\"oauth\": {\"access_token\": {\"urll\": \"x\"}}}");
    Map<String, String> flags = Map.of("redis.urll", "x", "refresh.lease", "1s");
    try (PoolProcess process = PoolProcess.start(directory, flags, Map.of(), "run", "exchanger")) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(String.join("\n", process.lines()))
          .contains("broken.json", "half.json", "urll", "refresh.lease");
    }
  }

  @Test
  void withoutKafkaACallbackIsRefusedAndReloadingItWorks(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("clicked/acme");
    try (EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
        ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("clicked").consent(Consent.PAGE).build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .flag("kafka.bootstrap-servers", kafka.bootstrapServers())
                .flag("refresh.delivery", "1s")
                .definition("clicked", Definitions.of(simulator.provider("clicked")))
                .variable("PERENNIAL_CLICKED_CLIENT_ID", "sim-client")
                .variable("PERENNIAL_CLICKED_CLIENT_SECRET", "sim-secret")
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      HttpResponse<String> consent = browser.open(installed.connectLink(node.adminPort(), key));

      kafka.kill();
      HttpResponse<String> refused = browser.open(allow(consent));
      assertThat(refused.statusCode()).isEqualTo(503);
      URI callback = refused.uri();
      assertThat(callback.getPath()).isEqualTo("/callback/clicked");
      kafka.restart();

      Await.until("the same URL works", () -> browser.open(callback).statusCode() == 200);
      installed.witness().await(key, Change.CONNECTED, 1);
    }
  }

  /** Where the page's Allow leads. */
  private static URI allow(HttpResponse<String> page) {
    Matcher link = ALLOW.matcher(page.body());
    assertThat(link.find()).as(page.body()).isTrue();
    String query = String.valueOf(link.group(1)).replace("&amp;", "&");
    return URI.create(page.uri().toString().replaceFirst("\\?.*", "") + query);
  }

  private static final String ANY =
      """
      {"oauth": {"access_token": {"url": "https://provider.example/token",
        "data": {"grant_type": "client_credentials"}}}}
      """;
}
