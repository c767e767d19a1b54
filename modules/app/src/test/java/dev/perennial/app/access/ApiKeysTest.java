package dev.perennial.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
  private static final Instant CREATED = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory = Path.of("");

  private final AtomicReference<Instant> now = new AtomicReference<>(CREATED);
  private final AtomicLong nanos = new AtomicLong(-5);
  private final ApiKeyToken token = ApiKeyToken.create(RandomGenerator.getDefault());
  private final ApiKeyToken other = ApiKeyToken.create(RandomGenerator.getDefault());

  @Test
  void aKeyIsRecognizedWithItsScopesAndIntegrations() throws IOException {
    ApiKeys keys = keys(key(token, Optional.of(Set.of("google")), Optional.empty()));

    assertThat(keys.find(token.text()))
        .isEqualTo(
            new Caller(
                "key " + token.id() + " (ci)",
                Set.of(Scope.CONNECTIONS_READ, Scope.METRICS_READ),
                Optional.of(Set.of("google")),
                Optional.of(token.id())));
  }

  @Test
  void itsFormIsTheOneThatSecretScannersKnow() {
    assertThat(token.text().reveal())
        .matches("perennial_[0-9a-f]{12}_[A-Za-z0-9_-]{43}[0-9a-f]{8}");
    assertThat(token).asString().doesNotContain(token.secret().reveal());
    assertThat(token.id()).isNotEqualTo(other.id());
    assertThat(token.secret()).isNotEqualTo(other.secret());
  }

  @Test
  void nothingButTheKeyItselfIsGoodEnough() throws IOException {
    ApiKeys keys = keys(key(token, Optional.empty(), Optional.empty()));
    String text = token.text().reveal();

    assertThat(why(keys, other.text().reveal())).contains("not known");
    assertThat(why(keys, new ApiKeyToken(token.id(), other.secret()).text().reveal()))
        .contains("not known");
    assertThat(why(keys, text.substring(0, text.length() - 1))).contains("checksum");
    assertThat(why(keys, text.replace("perennial_", "perennial_0"))).contains("checksum");
    assertThat(
            why(
                keys,
                (text.endsWith("0") ? text.replaceAll(".$", "1") : text.replaceAll(".$", "0"))))
        .contains("checksum");
    assertThat(keys.find(Secret.of("something else"))).isEqualTo(Identity.Unknown.OF_ANOTHER_KIND);
  }

  @Test
  void aKeyIsRefusedFromItsEndOn() throws IOException {
    Instant end = CREATED.plus(Duration.ofDays(90));
    ApiKeys keys = keys(key(token, Optional.empty(), Optional.of(end)));

    now.set(end.minusMillis(1));
    assertThat(keys.find(token.text())).isInstanceOf(Caller.class);
    now.set(end);
    assertThat(why(keys, token.text().reveal())).isEqualTo("This API key expired at " + end + ".");
  }

  @Test
  void aChangedFileIsReadAgainAndNotMoreOftenThanEachSecond() throws IOException {
    ApiKeys keys = keys(key(token, Optional.empty(), Optional.empty()));
    replace(ApiKeyFile.text(List.of(key(other, Optional.empty(), Optional.empty()))));

    nanos.addAndGet(999_999_999);
    assertThat(keys.find(token.text())).isInstanceOf(Caller.class);
    nanos.addAndGet(1);
    assertThat(why(keys, token.text().reveal())).contains("not known");
    assertThat(keys.find(other.text())).isInstanceOf(Caller.class);
  }

  @Test
  void aFileThatCannotBeReadAnyMoreLeavesTheLastGoodKeys() throws IOException {
    ApiKeys keys = keys(key(token, Optional.empty(), Optional.empty()));

    for (String broken : List.of("", "{", "{\"keys\": [{}]}")) {
      replace(broken);
      nanos.addAndGet(1_000_000_000);
      assertThat(keys.find(token.text())).isInstanceOf(Caller.class);
    }
    Files.delete(file());
    nanos.addAndGet(1_000_000_000);
    assertThat(keys.find(token.text())).isInstanceOf(Caller.class);

    replace("{\"keys\": []}");
    nanos.addAndGet(1_000_000_000);
    assertThat(why(keys, token.text().reveal())).contains("not known");
  }

  @Test
  void aFileIsReadAsItWasWritten() throws IOException {
    List<ApiKey> all =
        List.of(
            key(token, Optional.empty(), Optional.of(CREATED.plusSeconds(1))),
            key(other, Optional.of(Set.of("google", "slack")), Optional.empty()));

    replace(ApiKeyFile.text(all));

    assertThat(ApiKeyFile.read(file())).isEqualTo(all);
    assertThat(Files.readString(file())).doesNotContain(token.secret().reveal());
  }

  @Test
  void whatIsWrongWithAFileIsSaidWithItsPath() throws IOException {
    assertThatThrownBy(() -> ApiKeyFile.read(file()))
        .hasMessageContainingAll(file().toString(), "is not there", "perennial keys api new");
    String good = ApiKeyFile.text(List.of(key(token, Optional.empty(), Optional.empty())));
    assertBroken("[]", "expected {\"keys\"");
    assertBroken("nonsense", "it is not JSON");
    assertBroken("{\"keys\": [], \"more\": 1}", "nothing else");
    assertBroken(good.replace("connections:read", "conections:read"), "key number 1: scopes");
    assertBroken(good.replace("\"name\"", "\"nme\""), "a member that is not known");
    assertBroken(good.replace(token.sha256(), "ab"), "64 hexadecimal digits");
    assertBroken(good.replace("2026-03-01T12", "yesterday"), "key number 1");
    assertBroken(good.replace("\"created\"", "\"expires\" : null, \"created\""), "expires");
    assertBroken(good.replace("\"created\"", "\"integrations\" : [], \"created\""), "at least one");
    assertBroken(
        good.replace("\"created\"", "\"integrations\" : [\"A/b\"], \"created\""), "integration");
    assertBroken(
        "{\"keys\": ["
            + ApiKeyFile.text(List.of(key(token, Optional.empty(), Optional.empty())))
                .replaceFirst("(?s).*?\\[", "")
                .replaceFirst("(?s)\\]\\s*\\}\\s*$", "")
            + ","
            + good.replaceFirst("(?s).*?\\[", "").replaceFirst("(?s)\\]\\s*\\}\\s*$", "")
            + "]}",
        "twice");
    assertBroken("{\"keys\": [" + "{},".repeat(10_000) + "{}]}", "more than 10000");
  }

  private void assertBroken(String text, String why) throws IOException {
    replace(text);
    assertThatThrownBy(() -> ApiKeyFile.read(file()))
        .as(why)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file().toString(), "cannot be read: ", why);
  }

  private ApiKeys keys(ApiKey... all) throws IOException {
    replace(ApiKeyFile.text(List.of(all)));
    return new ApiKeys(file(), now::get, nanos::get);
  }

  private static ApiKey key(
      ApiKeyToken token, Optional<Set<String>> integrations, Optional<Instant> expires) {
    return new ApiKey(
        token.id(),
        "ci",
        Set.of(Scope.CONNECTIONS_READ, Scope.METRICS_READ),
        integrations,
        CREATED,
        expires,
        token.sha256());
  }

  private static String why(ApiKeys keys, String text) {
    return keys.find(Secret.of(text)) instanceof Identity.Unknown(String why) ? why : "known";
  }

  private Path file() {
    return directory.resolve("api-keys.json");
  }

  private void replace(String text) throws IOException {
    Path next = directory.resolve("next");
    Files.writeString(next, text);
    Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
