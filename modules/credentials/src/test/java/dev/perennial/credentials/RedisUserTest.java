package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.RedisUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The user of docs/redis.md may do what the scripts do. */
class RedisUserTest {
  private static final RedisUser USER = RedisUser.of(Path.of("../../docs/redis.md"));
  private static final Pattern COMMAND = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

  @ParameterizedTest
  @EnumSource(Script.class)
  void mayDoWhatTheScriptsDo(Script script) {
    List<String> used =
        COMMAND
            .matcher(new String(script.text(), UTF_8))
            .results()
            .map((MatchResult it) -> "+" + String.valueOf(it.group(1)).toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    assertThat(USER.rules()).containsAll(used);
  }
}
