package dev.perennial.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A file of API keys that was written once is read for ever. */
class GoldenApiKeysTest {
  @Test
  void theFirstFormatIsReadAndStillWritten() throws IOException, URISyntaxException {
    Path file =
        Path.of(
            Objects.requireNonNull(GoldenApiKeysTest.class.getResource("/golden/api-keys.v1.json"))
                .toURI());
    Instant created = Instant.parse("2026-03-01T12:00:00Z");
    List<ApiKey> keys = ApiKeyFile.read(file);
    assertThat(keys)
        .containsExactly(
            new ApiKey(
                "0123456789ab",
                "ci",
                Set.of(Scope.CONNECTIONS_READ, Scope.METRICS_READ),
                Optional.of(Set.of("google", "zoom")),
                created,
                Optional.of(Instant.parse("2027-03-01T12:00:00Z")),
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
            new ApiKey(
                "ba9876543210",
                "ops",
                Set.of(Scope.ADMIN),
                Optional.empty(),
                created,
                Optional.empty(),
                "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7"));
    assertThat(ApiKeyFile.text(keys)).isEqualToNormalizingNewlines(Files.readString(file));
  }
}
