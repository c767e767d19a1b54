package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret in the open: every one that there was is searched for wherever anybody may look, after
 * a life with consents, refreshes, failures, mistakes and crashes. The search is searched too: a
 * careless operator has named an integration and a connection like secrets, and these must be found
 * in each of the places.
 */
@ExtendWith(ServersExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecrecyTest {
  private static final List<String> ROLES =
      List.of("credentials", "ingress", "exchanger", "scheduler");

  private static final String SLUG = "dyed-4b7f1c9e";
  private static final ConnectionKey KEY = new ConnectionKey(SLUG, "seen-9d2e61aa");
  private static final ConnectionKey OTHER = new ConnectionKey(SLUG, "seen-0c53e7b1");
  private static final String OURS = "dev.perennial.app";

  private static final String CLIENT_SECRET = "client s3cr+t/77e0c1=&%\"<ü>";
  private static final String PASSWORD = "redis-word-5d0c77";
  private static final String JAAS = "sasl-word-90ab4e";
  private static final String BEARER = "perennial_wrongwrongwr_notakeyofanybody77";
  private static final String FORGED_CODE = "forged-code-6be1d2";
  private static final Pattern KEY_VALUE = Pattern.compile("\"value\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

  private final Map<String, PoolProcess> processes = new LinkedHashMap<>();
  private final OpenPlaces places = new OpenPlaces();
  private final Set<String> secrets = new HashSet<>();
  private final Browser browser = new Browser();
  private ProviderSimulator simulator;
  private Installed installed;
  private OpenStores stores;
  private OpenTraces traces;
  private Servers servers;
  private Path crashes;

  @BeforeAll
  void live(Servers given, @TempDir Path directory) throws Exception {
    servers = given;
    crashes = directory;
    simulator =
        ProviderSimulator.start(
            ProviderProfile.named(SLUG)
                .client("sim-client", CLIENT_SECRET)
                .accessTokenLife(Duration.ofSeconds(20))
                .build());
    traces = new OpenTraces();
    installed = installed();
    stores = new OpenStores(installed, servers);
    ROLES.forEach(role -> processes.put(role, start(role)));
    processes.values().forEach(process -> process.says("started"));

    connect(KEY);
    connect(OTHER);
    fail(new ConnectionKey(SLUG, "seen-forged"));
    stores.garble(KEY);
    installed.witness().await(KEY, Change.REFRESHED, 1);
    simulator.provider(SLUG).failNext(1, new Fault.Status(503, Map.of(), echo()));
    installed.witness().await(KEY, Change.REFRESHED, 2);
    refused();
    installed.over();
    look();
    secrets.addAll(simulator.ledger().allSecretsIssued());
    secrets.addAll(
        List.of(CLIENT_SECRET, PASSWORD, JAAS, BEARER, FORGED_CODE, Installed.ADMIN_TOKEN));
    secrets.addAll(keysOf(installed.flags().getOrDefault("keys.keyset", "")));
  }

  @AfterAll
  void close() {
    processes.values().forEach(PoolProcess::close);
    browser.close();
    installed.close();
    traces.close();
    simulator.close();
  }

  private Installed installed() {
    String variables = "PERENNIAL_DYED_4B7F1C9E_";
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition(SLUG, Definitions.of(simulator.provider(SLUG)))
        .variable(variables + "CLIENT_ID", "sim-client")
        .variable(variables + "CLIENT_SECRET", CLIENT_SECRET)
        .flag("log.level", "trace")
        .flag("audit.reads", "all")
        .flag("metrics.census-every", "1s")
        .flag("trace.otlp-endpoint", traces.url().toString())
        .build();
  }

  private PoolProcess start(String role) {
    Map<String, String> environment = new HashMap<>(installed.variables());
    environment.put("JDK_JAVA_OPTIONS", "-XX:-CreateCoredumpOnCrash -XX:ErrorFile=" + crash(role));
    Map<String, String> flags = new HashMap<>(installed.flags());
    flags.put("log.format", role.equals("ingress") ? "json" : "text");
    return PoolProcess.start(installed.directory(), flags, environment, "run", role);
  }

  private Path crash(String role) {
    return crashes.resolve("crash-of-" + role + ".log");
  }

  private String admin(String role) {
    return "http://localhost:" + process(role).port("admin");
  }

  private PoolProcess process(String role) {
    PoolProcess process = processes.get(role);
    if (process == null) {
      throw new IllegalStateException(role);
    }
    return process;
  }

  /** A consent, and what whoever does it again sees. */
  private void connect(ConnectionKey key) {
    URI link = installed.connectLink(process("credentials").port("admin"), key);
    URI consent = browser.step(link);
    var _ = state(consent);
    URI callback = browser.step(consent);
    places.add("public pages", browser.open(callback).body());
    places.add("public pages", browser.open(callback).body());
    places.add("public pages", browser.open(link).body());
  }

  /** A consent whose code the provider has never given out. */
  private void fail(ConnectionKey key) {
    URI link = installed.connectLink(process("credentials").port("admin"), key);
    String state = state(browser.step(link));
    URI callback =
        URI.create(installed.redirectUrl(SLUG) + "?code=" + FORGED_CODE + "&state=" + state);
    places.add("public pages", browser.open(callback).body());
  }

  private String state(URI consent) {
    Matcher state = STATE.matcher(consent.toString());
    assertThat(state.find()).isTrue();
    secrets.add(URLDecoder.decode(String.valueOf(state.group(1)), UTF_8));
    return String.valueOf(state.group(1));
  }

  private static String echo() {
    return "{\"error\": \"server_error\", \"error_description\": \"you sent "
        + CLIENT_SECRET.replace("\"", "\\\"")
        + "\"}";
  }

  /** Requests that end on error pages, each with something secret in it. */
  private void refused() {
    String open = installed.flags().get("public.url");
    for (String path :
        List.of(
            "/",
            "/nowhere?code=" + FORGED_CODE,
            "/callback/" + SLUG + "?code=" + FORGED_CODE + "&state=unknown",
            "/callback/" + SLUG + "?code=" + FORGED_CODE + "&code=" + FORGED_CODE,
            "/callback/nobody?code=" + FORGED_CODE,
            "/connect/" + SLUG + "?session=" + FORGED_CODE)) {
      places.answer("public pages", OpenPlaces.get(open + path));
    }
    String form = "application/x-www-form-urlencoded";
    places.answer( // what was posted comes back to the browser that did, to be sent by our own page
        "public pages", OpenPlaces.post(open + "/callback/" + SLUG, form, "code=relayed&state=x"));
    String api = admin("credentials") + "/v1/connections/" + KEY;
    String broken = "{\"access_token\": \"" + FORGED_CODE + "\", \"expires_in\": \"never\"}";
    places.answer("admin API", OpenPlaces.get(api).header("Authorization", "Bearer " + BEARER));
    places.answer("admin API", asAdmin(OpenPlaces.get(api)));
    places.answer("admin API", asAdmin(OpenPlaces.get(admin("credentials") + "/v1/connections")));
    places.answer("admin API", asAdmin(OpenPlaces.post(api, "application/json", broken)));
    places.answer("admin API", asAdmin(OpenPlaces.get(api + "?token=" + FORGED_CODE)));
    places.answer(
        "admin API",
        asAdmin(
            OpenPlaces.get(api)
                .header("Content-Type", "application/json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(broken))));
    places.answer("admin API", OpenPlaces.get(admin("credentials") + "/openapi.json"));
  }

  private static java.net.http.HttpRequest.Builder asAdmin(
      java.net.http.HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + Installed.ADMIN_TOKEN);
  }

  /** Everywhere, the living first. */
  private void look() throws Exception {
    console();
    commands();
    ROLES.forEach(role ->
        places.answer("metrics of " + role, asAdmin(OpenPlaces.get(admin(role) + "/metrics"))));
    traced();
    for (String role : ROLES) {
      threads(role);
      crashed(role);
    }
    processes.forEach((role, process) -> places.add("log of " + role, process.lines()));
    stores.journal(KEY);
    stores.testify(places);
  }

  /** Before the processes crash, which takes what they have not sent along. */
  private void traced() {
    traces.awaitFailure();
    traces.awaitAll("public request", String.valueOf(installed.flags().get("public.url")));
    traces.awaitAll("admin request", admin("credentials"));
    traces.testify(places);
  }

  private void console() {
    String console = admin("credentials") + "/console";
    String form = "application/x-www-form-urlencoded";
    String key = "key=" + URLEncoder.encode(Installed.ADMIN_TOKEN, UTF_8);
    places.answer("console", OpenPlaces.get(console + "/sign-in"));
    places.answer(
        "console", fromOurs(console, OpenPlaces.post(console + "/sign-in", form, "key=" + BEARER)));
    var signedIn = send(fromOurs(console, OpenPlaces.post(console + "/sign-in", form, key)));
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    secrets.add(cookie.split("=", 2)[1]);
    for (String page :
        List.of(
            "",
            "/connections",
            "/connections/" + KEY,
            "/integrations",
            "/activity",
            "/nowhere",
            "/connections/" + SLUG + "/nobody")) {
      places.answer("console", OpenPlaces.get(console + page).header("Cookie", cookie));
    }
    String page = send(OpenPlaces.get(console).header("Cookie", cookie)).body();
    Matcher token = TOKEN.matcher(page);
    assertThat(token.find()).isTrue();
    for (String own : List.of("token=wrong", "token=" + token.group(1))) {
      String refresh = console + "/connections/" + KEY + "/refresh";
      places.answer(
          "console",
          fromOurs(console, OpenPlaces.post(refresh, form, own).header("Cookie", cookie)));
    }
  }

  private static java.net.http.HttpRequest.Builder fromOurs(
      String console, java.net.http.HttpRequest.Builder request) {
    return request.header("Origin", console.replace("/console", ""));
  }

  private static java.net.http.HttpResponse<String> send(
      java.net.http.HttpRequest.Builder request) {
    try (var client = java.net.http.HttpClient.newHttpClient()) {
      return client.send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void commands() {
    Commands commands =
        new Commands(installed)
            .set("admin.port", Integer.toString(process("credentials").port("admin")));
    for (String line :
        List.of(
            "connections list",
            "connections list --json",
            "connections show " + KEY,
            "connections refresh " + KEY,
            "connections show " + SLUG + "/nobody --debug",
            "check " + installed.directory().resolve("integrations"),
            "keys list",
            "topics")) {
      places.add("command line", commands.run(line.split(" ", -1)).output());
    }
    Commands secretive =
        commands
            .set("redis.uri", "redis://perennial:" + PASSWORD + "@127.0.0.1:1")
            .set(
                "kafka.properties.sasl.jaas.config", "…Module required password=\"" + JAAS + "\";");
    places.add("perennial config", secretive.run("config").output());
    places.add("perennial config", secretive.run("config", "--json").output());
    mistakes(secretive);
  }

  /** Values that are wrong, with a secret in each. */
  private void mistakes(Commands commands) {
    String ring = installed.flags().getOrDefault("keys.keyset", "");
    places.add("mistakes", commands.run("keys", "list", "--debug").output());
    Map.of(
            "redis.uri",
            "redis://perennial:" + PASSWORD + "@[bad",
            "keys.keyset",
            ring.substring(0, ring.length() - 3),
            "admin.token",
            "short-" + PASSWORD.substring(0, 9),
            "kafka.properties.password",
            JAAS)
        .forEach((key, value) -> {
          for (String command : List.of("config", "keys list --offline --debug", "run exchanger")) {
            places.add(
                "mistakes",
                new Commands(installed).set(key, value).run(command.split(" ", -1)).output());
          }
        });
  }

  /** As an operator takes them: by signal, and by jcmd with its virtual threads. */
  private void threads(String role) throws Exception {
    PoolProcess process = process(role);
    Path dump = crashes.resolve("threads-of-" + role + ".json");
    ended("kill", "-QUIT", Long.toString(process.pid()));
    process.says("Full thread dump");
    process.says("JNI global refs");
    String jcmd =
        Path.of(String.valueOf(System.getProperty("java.home")), "bin", "jcmd").toString();
    ended(
        jcmd, Long.toString(process.pid()), "Thread.dump_to_file", "-format=json", dump.toString());
    places.add("threads of " + role, Files.readString(dump));
  }

  private void crashed(String role) throws Exception {
    PoolProcess process = process(role);
    ended("kill", "-SEGV", Long.toString(process.pid()));
    process.awaitEnd();
    places.add(
        "crash of " + role,
        Files.readString(crash(role), java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  private static void ended(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(List.of(command) + ": " + output).isZero();
  }

  private static Set<String> keysOf(String ring) {
    Set<String> keys = new HashSet<>();
    KEY_VALUE.matcher(ring).results().forEach(it -> keys.add(String.valueOf(it.group(1))));
    assertThat(keys).isNotEmpty();
    return keys;
  }

  @Test
  void noSecretStandsWhereAnybodyMayLook() {
    assertThat(secrets).as("codes, states, tokens, passwords, keys").hasSizeGreaterThan(20);
    assertThat(places.names())
        .contains("Redis", "console", "public pages", "admin API", "command line", "mistakes")
        .contains("perennial config", "log of exchanger", "metrics of ingress")
        .contains("threads of scheduler", "crash of credentials", OpenTraces.PLACE);
    stores.topics().forEach(topic -> assertThat(places.names()).contains("topic " + topic));

    assertThat(places.violations(secrets)).isEmpty();
  }

  @Test
  void aLeakIsFoundInEachOfThem() {
    Set<String> planted =
        Set.of(
            SLUG,
            KEY.connection(),
            installed.config().topics().prefix(),
            OURS,
            "role=\"scheduler\"");
    assertThat(places.without(planted)).as("searched in vain").isEmpty();
  }

  @Test
  void aLeakIsFoundInEveryPartOfARecordAndOfRedis() {
    List<String> words = IntStream.range(0, 7).mapToObj(i -> "planted-word-" + i).toList();
    stores.plantInTopics(words.get(0), words.get(1), words.get(2), words.get(3));
    stores.plantInRedis(words);
    OpenPlaces stored = new OpenPlaces();
    stores.testify(stored);

    assertThat(stored.violations(Set.copyOf(words)))
        .filteredOn(it -> it.startsWith("Redis has a secret"))
        .hasSize(words.size());
    for (String topic : stores.topics()) {
      assertThat(stored.violations(Set.copyOf(words)))
          .filteredOn(it -> it.startsWith("topic " + topic + " has a secret"))
          .hasSizeBetween(3, 4);
    }
  }

  @Test
  void aLeakIsFoundInEveryPartOfASpan() {
    List<String> words = IntStream.range(0, 4).mapToObj(i -> "planted-span-" + i).toList();
    traces.plant(words.get(0), words.get(1), words.get(2), words.get(3));
    OpenPlaces sent = new OpenPlaces();
    traces.testify(sent);

    assertThat(sent.violations(Set.copyOf(words))).hasSize(words.size());
  }
}
